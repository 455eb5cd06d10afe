package eventsource.server.examples;

import eventsource.server.EventSourceServer;
import eventsource.server.LagPolicy;
import eventsource.server.StreamRequest;
import eventsource.server.spi.HttpManners;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;

/**
 * Emits each line of standard input: {@code some-command | examples/run pipe}. Who comes later is given the lines that are
 * retained first. With the end of the input each stream ends, and a browser that has everything stays away.
 */
final class Pipe implements Example {

    private final InputStream in;
    private final EventSourceServer events = EventSourceServer.builder()
            .lag(LagPolicy.SKIP) // a command may be faster than a browser
            .gapEvent("gap")
            .build();

    Pipe() {
        this(System.in);
    }

    Pipe(InputStream in) {
        this.in = in;
    }

    @Override
    public Site start() {
        Example.daemon(this::read).start();
        return site(events);
    }

    /** A page of lines, which begins with those that are retained. */
    static Site site(EventSourceServer events) {
        HttpManners manners = HttpManners.builder(events)
                .requests(request ->
                        CompletableFuture.completedStage(StreamRequest.own().fromEarliest()))
                .build();
        return new Site(events).stream("/", manners).page("/", LivePage.of("gap"));
    }

    private void read() {
        Lines lines = new Lines(events::emit);
        byte[] bytes = new byte[1 << 16];
        String end = "standard input has ended";
        try {
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                lines.feed(bytes, 0, n);
            }
        } catch (IOException broken) {
            end = "standard input cannot be read any more: " + broken.getMessage();
        }
        lines.end();
        events.finish();
        System.out.println(end + "; who comes now is given what is retained");
    }
}
