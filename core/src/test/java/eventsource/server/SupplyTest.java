package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SupplyTest {

    private final EventSourceServer server = Servers.create();
    private final Reader reader = Reader.of(server, StreamRequest.own());

    /** A publisher that does what the test says. */
    private static final class Source implements Flow.Publisher<Event>, Flow.Subscription {

        Flow.@Nullable Subscriber<? super Event> to;
        long asked;
        boolean cancelled;

        @Override
        public void subscribe(Flow.Subscriber<? super Event> subscriber) {
            to = subscriber;
            subscriber.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            asked += n;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    @Test
    void eventsOfSeveralSuppliesAndOfEmitAreMerged() {
        Source one = new Source();
        Source other = new Source();
        server.supply(one);
        server.supply(other);
        one.to.onNext(Event.of("tick", "1"));
        server.emit("2");
        other.to.onNext(Event.of("3"));
        assertEquals(List.of("1", "2", "3"), reader.data());
    }

    @Test
    void oneEventIsAskedForAtATime() {
        Source source = new Source();
        server.supply(source);
        assertEquals(1, source.asked);
        source.to.onNext(Event.of("1"));
        assertEquals(2, source.asked);
    }

    @Test
    void theEndOfASupplyIsNotTheEndOfTheServer() {
        Source complete = new Source();
        Source failed = new Source();
        server.supply(complete);
        server.supply(failed);
        complete.to.onComplete();
        failed.to.onError(new IllegalStateException("failed on purpose"));
        server.emit("on");
        assertEquals(List.of("on"), reader.data());
        assertFalse(reader.hasEnded());
    }

    @Test
    void anEventThatIsRejectedDoesNotKeepBackTheNext() {
        EventSourceServer small = Servers.builder().maxEventBytes(20).build();
        Reader of = Reader.of(small, StreamRequest.own());
        Source source = new Source();
        small.supply(source);
        source.to.onNext(Event.of("x".repeat(100)));
        source.to.onNext(Event.of("small"));
        assertEquals(List.of("small"), of.data());
        assertEquals(3, source.asked);
    }

    @Test
    void cancellingEndsTheSupply() {
        Source source = new Source();
        Flow.Subscription supply = server.supply(source);
        supply.request(100);
        assertEquals(1, source.asked, "asking is the server's part");
        supply.cancel();
        supply.cancel();
        assertTrue(source.cancelled);
        source.to.onNext(Event.of("late"));
        assertEquals(List.of(), reader.data());
    }

    @Test
    void stopCancelsSupplies() {
        Source source = new Source();
        server.supply(source);
        server.stop();
        assertTrue(source.cancelled);
        Source late = new Source();
        server.supply(late);
        assertTrue(late.cancelled);
    }

    @Test
    void aPublisherOfTheJdkIsSuppliedCompletely() throws InterruptedException {
        EventSourceServer threaded = EventSourceServer.create();
        List<String> expected = new ArrayList<>();
        var done = new java.util.concurrent.CountDownLatch(1);
        try (SubmissionPublisher<Event> publisher = new SubmissionPublisher<>()) {
            threaded.supply(publisher);
            for (int i = 0; i < 2000; i++) {
                publisher.submit(Event.of("" + i));
                expected.add("" + i);
            }
            publisher.submit(Event.of("last"));
            expected.add("last");
            Reader all = Reader.asking(Long.MAX_VALUE);
            threaded.open(StreamRequest.own().fromEarliest())
                    .thenAccept(stream -> stream.body().subscribe(new Flow.Subscriber<>() {
                        @Override
                        public void onSubscribe(Flow.Subscription to) {
                            all.onSubscribe(to);
                        }

                        @Override
                        public void onNext(java.nio.ByteBuffer bytes) {
                            all.onNext(bytes);
                            if (all.text().contains("data: last\n")) {
                                done.countDown();
                            }
                        }

                        @Override
                        public void onError(Throwable error) {}

                        @Override
                        public void onComplete() {}
                    }));
            assertTrue(done.await(60, TimeUnit.SECONDS), "all events arrive");
            assertEquals(expected, all.data());
        }
        threaded.stop();
    }

    @Test
    void aPublisherThatCannotBeSubscribedToIsTheCallersToSee() {
        org.junit.jupiter.api.Assertions.assertThrows(
                IllegalStateException.class,
                () -> server.supply(subscriber -> {
                    throw new IllegalStateException("thrown on purpose");
                }));
        server.emit("on");
        assertEquals(List.of("on"), reader.data());
    }
}
