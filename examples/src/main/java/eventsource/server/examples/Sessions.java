package eventsource.server.examples;

import eventsource.server.spi.HttpRefusal;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Who is logged in, as an application would know it; here, everybody is believed. */
final class Sessions {

    private final Map<String, String> users = new ConcurrentHashMap<>();

    /** Gives a new session. */
    CompletionStage<String> begin(String user) {
        String session = UUID.randomUUID().toString();
        users.put(session, user);
        return CompletableFuture.completedStage(session);
    }

    /**
     * The user of a session.
     *
     * @throws HttpRefusal if there is no such session; on status 401 a browser's {@code EventSource} gives up
     */
    String user(String session) {
        return known(users.get(session));
    }

    /** Ends a session, and gives its user. */
    String end(String session) {
        return known(users.remove(session));
    }

    private static String known(@Nullable String user) {
        if (user == null) {
            throw new HttpRefusal(401, "log in first");
        }
        return user;
    }
}
