package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a stream does for the subscriber of its body, and what the listener hears of it. */
class StreamTest {

    private final List<String> heard = new ArrayList<>();
    private final StreamListener listener = new StreamListener() {
        @Override
        public void opened(EventStream stream) {
            heard.add("opened " + stream.resume().outcome());
        }

        @Override
        public void closed(EventStream stream, StreamEnd end) {
            heard.add("closed " + end);
        }
    };
    private final EventSourceServer server =
            Servers.builder().listener(listener).build();

    private EventStream open() {
        return Servers.now(server.open(StreamRequest.own()));
    }

    @Test
    void theFirstElementIsThePreludeWithARetryBetweenTheBounds() {
        EventSourceServer jittered = Servers.builder()
                .retry(Duration.ofMillis(1000), Duration.ofMillis(1500))
                .build();
        List<Long> seen = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Reader reader = Reader.of(jittered, StreamRequest.own());
            assertTrue(reader.elements.get(0).matches(":\nretry: \\d+\n"), reader.elements.get(0));
            seen.add(reader.parser.retryMillis().getAsLong());
        }
        assertTrue(seen.stream().allMatch(millis -> millis >= 1000 && millis <= 1500), seen.toString());
        assertTrue(seen.stream().distinct().count() > 50, "each stream has a retry of its own");
    }

    @Test
    void nothingComesWithoutDemand() {
        Reader reader = Reader.asking(0);
        open().body().subscribe(reader);
        server.emit("x");
        assertEquals(List.of(), reader.elements);
        reader.subscription.request(1);
        assertEquals(1, reader.elements.size());
        reader.subscription.request(1);
        assertEquals(List.of("x"), reader.data());
    }

    @Test
    @DisplayName("OV-01: beyond the limit a stream is refused, by name, with a time to come back")
    void theNumberOfStreamsHasALimit() {
        EventSourceServer two = Servers.builder()
                .maxStreams(2)
                .retryWhenRefused(Duration.ofSeconds(7), Duration.ofSeconds(9))
                .build();
        Reader first = Reader.of(two, StreamRequest.own());
        Reader.of(two, StreamRequest.own());
        var third = two.open(StreamRequest.own()).toCompletableFuture();
        var refused = assertInstanceOf(
                StreamRefusedException.class,
                assertThrows(CompletionException.class, third::join).getCause());
        assertEquals(StreamRefusedException.Reason.TOO_MANY_STREAMS, refused.reason());
        assertTrue(refused.getMessage().contains("maxStreams"), refused.getMessage());
        assertTrue(
                refused.retryAfter().toMillis() >= 7000 && refused.retryAfter().toMillis() <= 9000);
        first.subscription.cancel();
        assertFalse(two.open(StreamRequest.own()).toCompletableFuture().isCompletedExceptionally());
    }

    @Test
    @DisplayName("OV-01: a subscriber of outSupply that is refused gets what makes a browser come back, and the end")
    void aRefusedSubscriberComesBack() {
        EventSourceServer one = Servers.builder()
                .maxStreams(1)
                .retryWhenRefused(Duration.ofSeconds(7), Duration.ofSeconds(7))
                .build();
        Reader.of(one, StreamRequest.own());
        Reader refused = Reader.of(one, StreamRequest.own());
        assertEquals(":\nretry: 7000\n", refused.text());
        assertTrue(refused.completed);
        assertNull(refused.error);
    }

    @Test
    void aBodyIsForOneSubscriber() {
        EventStream stream = open();
        Reader first = Reader.eager();
        stream.body().subscribe(first);
        Reader second = Reader.eager();
        stream.body().subscribe(second);
        assertInstanceOf(IllegalStateException.class, second.error);
        server.emit("x");
        assertEquals(List.of("x"), first.data());
        assertThrows(NullPointerException.class, () -> stream.body().subscribe(null));
        assertThrows(
                NullPointerException.class,
                () -> server.outSupply(StreamRequest.own()).subscribe(null));
    }

    @Test
    void cancellingEndsTheStreamOnce() {
        Reader reader = Reader.of(server, StreamRequest.own());
        reader.subscription.cancel();
        reader.subscription.cancel();
        server.emit("x");
        assertEquals(List.of("opened LIVE", "closed CANCELLED"), heard);
        assertEquals(List.of(), reader.data());
        assertFalse(reader.hasEnded(), "a cancelled subscription hears nothing more");
    }

    @Test
    void endEndsAtTheNextEventBoundary() {
        EventStream stream = open();
        Reader reader = Reader.eager();
        stream.body().subscribe(reader);
        server.emit("x");
        stream.end();
        stream.end();
        server.emit("y");
        assertTrue(reader.completed);
        assertEquals(List.of("x"), reader.data());
        assertEquals(List.of("opened LIVE", "closed ENDED"), heard);
        assertEquals(0, stream.lag());
    }

    @Test
    void aRequestForNothingFailsTheStream() {
        Reader reader = Reader.of(server, StreamRequest.own());
        reader.subscription.request(0);
        assertInstanceOf(IllegalArgumentException.class, reader.error);
        assertEquals(List.of("opened LIVE", "closed FAILED"), heard);
    }

    @Test
    void aSubscriberThatThrowsHurtsItselfOnly() {
        Reader healthy = Reader.of(server, StreamRequest.own());
        server.outSupply(StreamRequest.own()).subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription to) {
                to.request(10);
            }

            @Override
            public void onNext(ByteBuffer bytes) {
                throw new IllegalStateException("thrown on purpose");
            }

            @Override
            public void onError(Throwable error) {
                heard.add("onError after a throw");
            }

            @Override
            public void onComplete() {
                heard.add("onComplete after a throw");
            }
        });
        server.emit("x");
        assertEquals(List.of("x"), healthy.data());
        assertEquals(List.of("opened LIVE", "opened LIVE", "closed FAILED"), heard);
    }

    @Test
    @DisplayName("DC-05: a listener that throws changes nothing")
    void aListenerThatThrowsChangesNothing() {
        StreamListener bad = new StreamListener() {
            @Override
            public void opened(EventStream stream) {
                throw new IllegalStateException("thrown on purpose");
            }

            @Override
            public void closed(EventStream stream, StreamEnd end) {
                throw new AssertionError("thrown on purpose");
            }
        };
        EventSourceServer unlucky = Servers.builder().listener(bad).build();
        Reader reader = Reader.of(unlucky, StreamRequest.own());
        unlucky.emit("x");
        unlucky.stop();
        assertEquals(List.of("x"), reader.data());
        assertTrue(reader.completed);
    }

    @Test
    void lagCountsWhatWasNotHandedOver() {
        EventStream stream = open();
        Reader reader = Reader.asking(1);
        stream.body().subscribe(reader);
        server.emit("a");
        server.emit("b");
        assertEquals(2, stream.lag());
        reader.subscription.request(1);
        assertEquals(0, stream.lag());
    }

    @Test
    void stopEndsEveryStreamAfterWhatWasEmitted() {
        Reader eager = Reader.of(server, StreamRequest.own());
        Reader late = Reader.asking(1);
        open().body().subscribe(late);
        EventStream unread = open();
        server.emit("last");
        var stopped = server.stop().toCompletableFuture();
        assertTrue(eager.completed);
        assertEquals(List.of("last"), eager.data());
        assertFalse(stopped.isDone(), "one stream has not been sent everything");
        late.subscription.request(1);
        assertEquals(List.of("last"), late.data());
        assertFalse(late.completed, "the last element is still being written");
        late.subscription.request(1);
        assertTrue(late.completed);
        assertFalse(stopped.isDone(), "one stream was opened, and its body is still to be subscribed to");
        Reader afterwards = Reader.eager();
        unread.body().subscribe(afterwards);
        assertEquals(List.of("last"), afterwards.data());
        assertTrue(afterwards.completed);
        assertTrue(stopped.isDone());
        assertEquals(3, heard.stream().filter("closed STOPPED"::equals).count(), heard.toString());
    }

    @Test
    void stoppingTwiceIsStoppingOnce() {
        Reader reader = Reader.of(server, StreamRequest.own());
        assertTrue(server.stop().toCompletableFuture().isDone());
        assertTrue(server.stop().toCompletableFuture().isDone());
        server.close();
        assertTrue(reader.completed);
        assertEquals(List.of("opened LIVE", "closed STOPPED"), heard);
    }

    @Test
    void afterStopAStreamIsRefused() {
        server.stop();
        var late = server.open(StreamRequest.own()).toCompletableFuture();
        var refused = assertInstanceOf(
                StreamRefusedException.class,
                assertThrows(CompletionException.class, late::join).getCause());
        assertEquals(StreamRefusedException.Reason.STOPPED, refused.reason());
        assertEquals(List.of(), heard);
    }

    @Test
    void anExecutorThatRefusesIsReplaced() throws InterruptedException {
        EventSourceServer orphan = EventSourceServer.builder()
                .executor(work -> {
                    throw new RejectedExecutionException("shut down on purpose");
                })
                .build();
        var ended = new java.util.concurrent.CountDownLatch(1);
        orphan.outSupply(StreamRequest.own()).subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription to) {
                to.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(ByteBuffer bytes) {}

            @Override
            public void onError(Throwable error) {}

            @Override
            public void onComplete() {
                ended.countDown();
            }
        });
        orphan.stop();
        assertTrue(ended.await(60, java.util.concurrent.TimeUnit.SECONDS));
    }

    @Test
    void headersAreTheStandardsAndTheOutcome() {
        EventStream stream = open();
        assertEquals(
                "{Content-Type=text/event-stream, Cache-Control=no-store, no-transform, X-Accel-Buffering=no,"
                        + " X-Content-Type-Options=nosniff, EventSource-Resume=live}",
                stream.headers().toString());
        assertThrows(
                UnsupportedOperationException.class, // the headers are the stream's
                () -> stream.headers().put("X", "y"));
    }

    @Test
    void eventsEmittedBetweenOpenAndSubscribeAreNotLost() {
        EventStream stream = open();
        server.emit("between");
        Reader reader = Reader.eager();
        stream.body().subscribe(reader);
        assertEquals(List.of("between"), reader.data());
    }

    @Test
    void anEmitFromWithinASubscriberIsDelivered() {
        Reader other = Reader.of(server, StreamRequest.own());
        server.outSupply(StreamRequest.own()).subscribe(new Flow.Subscriber<>() {
            private int elements;

            @Override
            public void onSubscribe(Flow.Subscription to) {
                to.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(ByteBuffer bytes) {
                if (++elements == 2) {
                    server.emit("echo");
                }
            }

            @Override
            public void onError(Throwable error) {}

            @Override
            public void onComplete() {}
        });
        server.emit("call");
        assertEquals(List.of("call", "echo"), other.data());
    }

    @Test
    void anExecutorThatFailsForAMomentCostsNothing() {
        List<Runnable> failing = new ArrayList<>();
        EventSourceServer shaky = EventSourceServer.builder()
                .executor(work -> {
                    if (failing.size() == 1) {
                        failing.add(work);
                        throw new OutOfMemoryError("thrown on purpose: no thread");
                    }
                    work.run();
                })
                .build();
        Reader reader = Reader.of(shaky, StreamRequest.own());
        shaky.emit("a");
        failing.add(() -> {});
        shaky.emit("b");
        awaitData(reader, 2);
        shaky.emit("c");
        awaitData(reader, 3);
        assertEquals(List.of("a", "b", "c"), reader.data());
    }

    /** The turn went to the shared executor: another thread. */
    private static void awaitData(Reader reader, int events) {
        long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (reader.parser.events().size() < events && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aSubscriberThatThrowsInOnSubscribeFails() {
        open().body().subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription to) {
                throw new IllegalStateException("thrown on purpose");
            }

            @Override
            public void onNext(ByteBuffer bytes) {
                heard.add("onNext");
            }

            @Override
            public void onError(Throwable error) {
                heard.add("onError");
            }

            @Override
            public void onComplete() {
                heard.add("onComplete");
            }
        });
        assertEquals(List.of("opened LIVE", "closed FAILED"), heard);
    }
}
