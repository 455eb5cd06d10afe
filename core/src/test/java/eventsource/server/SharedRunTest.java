package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.spi.RunSubscriber;
import eventsource.server.spi.SharedRun;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A run that many streams share")
class SharedRunTest {

    private final Queue<Runnable> loop = new ArrayDeque<>();
    private final EventSourceServer server = EventSourceServer.builder()
            .retry(Duration.ofSeconds(2), Duration.ofSeconds(2))
            .executor(work -> {
                throw new AssertionError("drained by the server's executor");
            })
            .build();

    @AfterEach
    void stop() {
        server.close();
        turn();
    }

    private void turn() {
        for (Runnable work = loop.poll(); work != null; work = loop.poll()) {
            work.run();
        }
    }

    /** Takes runs, and says of each whether it took all of it. */
    private static final class Sink implements RunSubscriber {
        final List<String> taken = new ArrayList<>();
        final List<SharedRun> runs = new ArrayList<>();
        final List<Long> stamps = new ArrayList<>();
        Flow.Subscription subscription;
        boolean takesAll = true;
        boolean ended;
        RuntimeException failure;

        @Override
        public boolean onRun(SharedRun run) {
            if (failure != null) {
                throw failure;
            }
            ByteBuffer copy = ByteBuffer.allocate(run.length(Representation.CHUNKED));
            run.copyTo(Representation.CHUNKED, copy);
            assertEquals(copy.flip(), run.bytes(Representation.CHUNKED));
            ByteBuffer plain = run.bytes(Representation.PLAIN);
            assertEquals(run.length(Representation.PLAIN), plain.remaining());
            taken.add(text(plain));
            runs.add(run);
            stamps.add(run.stamp());
            return takesAll;
        }

        private static String text(ByteBuffer bytes) {
            return StandardCharsets.UTF_8.decode(bytes).toString();
        }

        @Override
        public void onSubscribe(Flow.Subscription from) {
            subscription = from;
            from.request(1);
        }

        @Override
        public void onNext(ByteBuffer bytes) {
            taken.add(text(bytes));
            subscription.request(1);
        }

        @Override
        public void onError(Throwable why) {
            ended = true;
        }

        @Override
        public void onComplete() {
            ended = true;
        }
    }

    private Sink subscribed(java.util.concurrent.Executor by) {
        Sink sink = new Sink();
        server.open(StreamRequest.own().drainedBy(by))
                .toCompletableFuture()
                .join()
                .body()
                .subscribe(sink);
        turn();
        assertEquals(List.of(":\nretry: 2000\n"), sink.taken);
        sink.taken.clear();
        return sink;
    }

    private void emit(String data) {
        server.emit(Event.of(data).withId(data));
    }

    @Test
    @DisplayName("is given to each stream of an event loop, in one turn, by the loop")
    void sharedByALoop() {
        java.util.concurrent.Executor by = loop::add;
        Sink one = subscribed(by);
        Sink other = subscribed(by);
        emit("a");
        emit("b");
        assertEquals(1, loop.size(), "a burst wakes a loop once");
        turn();
        assertEquals(List.of("data: a\nid: a\n\ndata: b\nid: b\n\n"), one.taken);
        assertEquals(one.taken, other.taken);
        assertSame(one.runs.get(0), other.runs.get(0));
        assertEquals(one.stamps, other.stamps);
        emit("c");
        turn();
        assertNotEquals(one.stamps.get(0), one.stamps.get(1), "another run has another stamp");
        assertEquals(6, server.figures().delivered());
    }

    @Test
    @DisplayName("uses up the request if it was not taken whole, and the rest waits for the next one")
    void notTakenWhole() {
        Sink slow = subscribed(loop::add);
        slow.takesAll = false;
        emit("a");
        turn();
        emit("b");
        emit("c");
        turn();
        assertEquals(List.of("data: a\nid: a\n\n"), slow.taken);
        slow.subscription.request(1);
        turn();
        assertEquals(List.of("data: a\nid: a\n\n", "data: b\nid: b\n\ndata: c\nid: c\n\n"), slow.taken);
    }

    @Test
    @DisplayName("costs its own stream if the transport fails with it")
    void failingTransport() {
        java.util.concurrent.Executor by = loop::add;
        Sink failing = subscribed(by);
        Sink other = subscribed(by);
        failing.failure = new IllegalStateException("on purpose");
        emit("a");
        turn();
        emit("b");
        turn();
        assertEquals(List.of(), failing.taken);
        assertEquals(List.of("data: a\nid: a\n\n", "data: b\nid: b\n\n"), other.taken);
        assertEquals(1, server.figures().streams());
    }

    @Test
    @DisplayName("ends after what was emitted, by the loop as well")
    void ending() {
        Sink sink = subscribed(loop::add);
        emit("a");
        server.stop();
        turn();
        assertEquals(List.of("data: a\nid: a\n\n"), sink.taken);
        assertTrue(sink.ended);
    }
}
