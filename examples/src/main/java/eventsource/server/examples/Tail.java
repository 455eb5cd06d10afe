package eventsource.server.examples;

import eventsource.server.EventSourceServer;
import eventsource.server.LagPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Emits each line that is appended to a file, as {@code tail -F} does: {@code examples/run tail --file F}. */
final class Tail implements Example {

    private static final int LOOK_MILLIS = 200;

    private final EventSourceServer events = EventSourceServer.builder()
            .lag(LagPolicy.SKIP) // a file may grow faster than a browser reads
            .gapEvent("gap")
            .build();
    private final Path path;
    private String said = ""; // the clock's

    Tail(String file) {
        path = Path.of(file);
        if (Files.isDirectory(path)) {
            throw new IllegalArgumentException("--file " + file + " is a directory; name a file in it");
        }
    }

    @Override
    public Site start() {
        FollowedFile file = new FollowedFile(path, new Lines(events::emit));
        Example.clock().scheduleWithFixedDelay(() -> look(file), 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        return Pipe.site(events);
    }

    private void look(FollowedFile file) {
        try {
            file.read();
        } catch (IOException unreadable) {
            say("not read for now: " + unreadable);
            return;
        }
        say(Files.exists(path) ? "" : "there is no " + path + " for now");
    }

    /** Says a thing once. */
    private void say(String text) {
        if (!text.equals(said) && !text.isEmpty()) {
            System.out.println(text);
        }
        said = text;
    }
}
