package eventsource.server.examples;

import eventsource.server.EventSourceServer;
import eventsource.server.EventSourceServerBuilder;
import eventsource.server.StreamRequest;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** One server per user, made when somebody logs in or notifies the user, and dropped when nobody needs it. */
final class Notifications implements Example {

    private final Sessions sessions = new Sessions();
    private final Map<String, EventSourceServer> servers = new ConcurrentHashMap<>();
    final EventSourceServerBuilder options =
            EventSourceServer.builder().retainBytes(1 << 20).gapEvent("gap");

    @Override
    public Site start() {
        Example.clock().scheduleWithFixedDelay(this::dropUnused, 1, 1, TimeUnit.MINUTES);
        return new Site(servers::values)
                .streams("/events", request -> stream(Posted.parameter(request, "session")))
                .page("/events", LivePage.of("gap"))
                .post("/login", posted -> sessions.begin(posted.parameter("user")))
                .post("/notify", posted -> notify(posted.parameter("user"), posted.text()))
                .post("/logout", posted -> logout(posted.parameter("session")));
    }

    private Site.Stream stream(String session) {
        var request = StreamRequest.own().fromEarliest().with("session", session);
        return new Site.Stream(serverOf(sessions.user(session)), request);
    }

    private CompletionStage<String> logout(String session) {
        return serverOf(sessions.end(session))
                .end(request -> session.equals(request.attributes().get("session")))
                .thenApply(ended -> ended + " ended\n");
    }

    synchronized CompletionStage<String> notify(String user, String text) {
        return serverOf(user).emit(text); // under the lock, so that the server is not dropped just now
    }

    private synchronized EventSourceServer serverOf(String user) {
        return servers.computeIfAbsent(user, first -> options.build());
    }

    synchronized void dropUnused() {
        servers.forEach((user, server) -> {
            if (server.figures().streams() + server.figures().retainedEvents() == 0) {
                servers.remove(user);
                server.stop(); // who is just coming is told to come back, and finds the next one
            }
        });
    }
}
