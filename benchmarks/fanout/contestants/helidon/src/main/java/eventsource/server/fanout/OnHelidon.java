package eventsource.server.fanout;

import io.helidon.http.Status;
import io.helidon.http.sse.SseEvent;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.sse.SseSink;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** A broadcast on Helidon. Usage: {@code OnHelidon PORT}. */
public final class OnHelidon {

    private final Map<SseSink, CountDownLatch> sinks = new ConcurrentHashMap<>();

    private OnHelidon() {}

    public static void main(String[] args) {
        OnHelidon application = new OnHelidon();
        WebServer.builder()
                .host("127.0.0.1")
                .port(Integer.parseInt(args[0]))
                .routing(HttpRouting.builder()
                        .get("/events", application::events)
                        .post("/emit", application::emit))
                .build()
                .start();
    }

    /** A stream is open until its handler, which has a virtual thread, returns. */
    private void events(ServerRequest request, ServerResponse response) throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        try (SseSink sink = response.sink(SseSink.TYPE)) {
            sinks.put(sink, closed);
            closed.await();
        }
    }

    private void emit(ServerRequest request, ServerResponse response) {
        request.content().as(String.class).lines().map(SseEvent::create).forEach(this::emit);
        response.status(Status.NO_CONTENT_204).send();
    }

    private void emit(SseEvent event) {
        sinks.forEach((sink, closed) -> {
            try {
                sink.emit(event);
            } catch (UncheckedIOException gone) {
                sinks.remove(sink);
                closed.countDown();
            }
        });
    }
}
