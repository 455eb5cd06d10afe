package eventsource.server.fanout;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.examples.Host;
import eventsource.server.examples.Site;
import eventsource.server.spi.HttpManners;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * Ours on any web server that serves the examples. Usage: {@code OnHost PORT}, with the property {@code host}, and {@code
 * retainBytes} if it is not to be the default.
 */
public final class OnHost {

    private OnHost() {}

    public static void main(String[] args) throws IOException {
        Host host = Objects.requireNonNull(Host.all().get(System.getProperty("host", "")), "no such host");
        var options = EventSourceServer.builder();
        Long retained = Long.getLong("retainBytes");
        if (retained != null) {
            options.retainBytes(retained);
        }
        EventSourceServer events = options.build();
        Site site = new Site(events)
                .stream(
                                "/events",
                                HttpManners.builder(events)
                                        .topicParameter("topic")
                                        .build())
                        .post("/emit", posted -> {
                            String[] topics =
                                    posted.request().parameters("topic").toArray(String[]::new);
                            posted.text().lines().forEach(line -> events.emit(Event.of(line), topics));
                            return CompletableFuture.completedFuture("");
                        });
        Runnable end = host.serve(site, Integer.parseInt(args[0]));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            site.stop();
            end.run();
        }));
    }
}
