package eventsource.server.fanout;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.netty.EventSourceNetty;
import eventsource.server.netty.Transport;
import eventsource.server.spi.HttpAnswer;
import eventsource.server.spi.HttpManners;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Ours on Netty. Usage: {@code OnNetty PORT}, with the properties {@code transport}, {@code retainBytes} and {@code
 * keepalive}, in seconds, if they are not to be what they are by default.
 */
public final class OnNetty {

    private OnNetty() {}

    public static void main(String[] args) throws IOException {
        var options = EventSourceServer.builder();
        Integer keepalive = Integer.getInteger("keepalive");
        if (keepalive != null) {
            options.keepalive(Duration.ofSeconds(keepalive));
        }
        Long retained = Long.getLong("retainBytes");
        if (retained != null) {
            options.retainBytes(retained);
        }
        EventSourceServer events = options.build();
        var server = EventSourceNetty.builder()
                .port(Integer.parseInt(args[0]))
                .route(
                        "/events",
                        HttpManners.builder(events).topicParameter("topic").build())
                .handle("/emit", "POST", (request, body) -> {
                    String[] topics = request.parameters("topic").toArray(String[]::new);
                    new String(body, StandardCharsets.UTF_8)
                            .lines()
                            .forEach(line -> events.emit(Event.of(line), topics));
                    return CompletableFuture.completedStage(new HttpAnswer.Whole(204, Map.of(), ""));
                });
        String transport = System.getProperty("transport");
        if (transport != null) {
            server.transport(Transport.valueOf(transport));
        }
        server.start();
    }
}
