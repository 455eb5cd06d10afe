package eventsource.server.fanout;

import eventsource.server.EventSourceServer;
import eventsource.server.netty.EventSourceNetty;
import eventsource.server.spi.HttpAnswer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Ours on Netty. Usage: {@code OnNetty PORT}. */
public final class OnNetty {

    private OnNetty() {}

    public static void main(String[] args) throws IOException {
        var events = EventSourceServer.builder().retainBytes(16 << 20).build();
        EventSourceNetty.builder()
                .port(Integer.parseInt(args[0]))
                .route("/events", events)
                .handle("/emit", "POST", (request, body) -> {
                    new String(body, StandardCharsets.UTF_8).lines().forEach(events::emit);
                    return CompletableFuture.completedStage(new HttpAnswer.Whole(204, Map.of(), ""));
                })
                .start();
    }
}
