package eventsource.server.fanout;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.netty.EventSourceNetty;
import eventsource.server.netty.Transport;
import eventsource.server.spi.HttpAnswer;
import eventsource.server.spi.HttpManners;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * Ours on Netty. Usage: {@code OnNetty PORT [PORT]}, with the properties {@code transport}, {@code retainBytes} and {@code
 * keepalive}, in seconds, if they are not to be what they are by default; with {@code ticks} it emits so many events each second
 * itself; with {@code tls=true} streams are served over TLS, and what is posted is taken without, on the second port.
 */
public final class OnNetty {

    private OnNetty() {}

    public static void main(String[] args) throws IOException, GeneralSecurityException, InterruptedException {
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
        var streams = EventSourceNetty.builder()
                .port(Integer.parseInt(args[0]))
                .route(
                        "/events",
                        HttpManners.builder(events).topicParameter("topic").build());
        boolean tls = Boolean.getBoolean("tls");
        var posts = tls ? EventSourceNetty.builder().port(Integer.parseInt(args[1])) : streams;
        posts.handle("/emit", "POST", (request, body) -> {
            String[] topics = request.parameters("topic").toArray(String[]::new);
            new String(body, StandardCharsets.UTF_8).lines().forEach(line -> events.emit(Event.of(line), topics));
            return CompletableFuture.completedStage(new HttpAnswer.Whole(204, Map.of(), ""));
        });
        String transport = System.getProperty("transport");
        if (transport != null) {
            streams.transport(Transport.valueOf(transport));
        }
        if (tls) {
            streams.tls(SelfSigned.context());
            posts.start();
        }
        streams.start();
        Integer ticks = Integer.getInteger("ticks");
        if (ticks != null) {
            tick(ticks, events);
        }
    }

    /** With as little garbage as an application can make. */
    private static void tick(int ticks, EventSourceServer events) {
        byte[] data = ("#" + "0".repeat(10) + "x".repeat(88) + "$").getBytes(StandardCharsets.ISO_8859_1);
        for (long number = 1; true; number++) {
            long rest = number;
            for (int i = 10; i > 0; i--) {
                data[i] = (byte) ('0' + rest % 10);
                rest /= 10;
            }
            events.emit(new String(data, StandardCharsets.ISO_8859_1));
            LockSupport.parkNanos(1_000_000_000L / ticks);
        }
    }
}
