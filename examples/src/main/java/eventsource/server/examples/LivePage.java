package eventsource.server.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/** A page that shows the events of the stream at its own path as they come. */
final class LivePage {

    private LivePage() {}

    /** The page; besides the events of the type {@code message} it shows those of some other types. */
    static String of(String... types) {
        try (InputStream page = LivePage.class.getResourceAsStream("live.html")) {
            String html = new String(Objects.requireNonNull(page).readAllBytes(), StandardCharsets.UTF_8);
            String names = Arrays.stream(types).map(type -> '"' + type + '"').collect(Collectors.joining(", "));
            return html.replace("/* types */", names);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
