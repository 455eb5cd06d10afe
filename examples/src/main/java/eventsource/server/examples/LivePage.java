package eventsource.server.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/** Pages that show events as they come. */
public final class LivePage {

    private LivePage() {}

    /** A page that shows the stream at its own path: the events of the type {@code message}, and of some others. */
    public static String of(String... types) {
        String names = Arrays.stream(types).map(type -> '"' + type + '"').collect(Collectors.joining(", "));
        return named("live.html").replace("/* types */", names);
    }

    /** A page of its own kind. */
    static String named(String name) {
        try (InputStream page = LivePage.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(page).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
