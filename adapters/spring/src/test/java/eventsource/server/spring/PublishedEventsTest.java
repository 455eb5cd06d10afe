package eventsource.server.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.StreamRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("What a publisher publishes")
@Timeout(60)
class PublishedEventsTest {

    private final AtomicLong asked = new AtomicLong();
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final BlockingQueue<String> elements = new LinkedBlockingQueue<>();
    private final CompletableFuture<Flow.Subscription> client = new CompletableFuture<>();

    /** Without end, and at once. */
    private void publish(Flow.Subscriber<? super Event> subscriber) {
        subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                for (long i = 0; i < n; i++) {
                    subscriber.onNext(Event.of("event " + asked.incrementAndGet()));
                }
            }

            @Override
            public void cancel() {
                cancelled.set(true);
            }
        });
    }

    private EventStream open() {
        return new PublishedEvents(this::publish, EventSourceServer.builder())
                .open(StreamRequest.own())
                .toCompletableFuture()
                .join();
    }

    private String next() throws InterruptedException {
        client.join().request(1);
        String element = elements.poll(30, TimeUnit.SECONDS);
        assertNotNull(element, "no element came");
        return element;
    }

    private static long events(String element) {
        return element.lines().filter(line -> line.startsWith("data:")).count();
    }

    private static void runAll(Queue<Runnable> turns) {
        for (Runnable turn = turns.poll(); turn != null; turn = turns.poll()) {
            turn.run();
        }
    }

    private final class Client implements Flow.Subscriber<ByteBuffer> {

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            client.complete(subscription);
        }

        @Override
        public void onNext(ByteBuffer bytes) {
            elements.add(StandardCharsets.UTF_8.decode(bytes).toString());
        }

        @Override
        public void onError(Throwable failure) {
            elements.add("failed: " + failure);
        }

        @Override
        public void onComplete() {
            elements.add("completed");
        }
    }

    @Test
    @DisplayName(
            "is asked for one event at a time: never is more than one waiting for the client beside what is being written")
    void oneAhead() throws InterruptedException {
        EventStream stream = open();
        stream.body().subscribe(new Client());
        long received = 0;
        while (received < 20) {
            String element = next();
            received += events(element);
            long ahead = asked.get() - received;
            assertTrue(ahead <= 2, () -> "the publisher was asked for " + ahead + " events that were not written");
        }
        client.join().cancel();
        assertTrue(cancelled.get());
    }

    @Test
    @DisplayName(
            "is asked for the next event while the client takes the one before, so that a client that takes nothing stalls")
    void nextIsWaiting() {
        Queue<Runnable> turns = new ConcurrentLinkedQueue<>();
        CompletionStage<EventStream> stream = new PublishedEvents(
                        this::publish, EventSourceServer.builder().executor(turns::add))
                .open(StreamRequest.own());
        runAll(turns);
        stream.toCompletableFuture().join().body().subscribe(new Client());
        assertEquals(1, asked.get());
        while (events(String.join("", elements)) == 0) { // the head may come first
            client.join().request(1);
            runAll(turns);
        }
        assertEquals(2, asked.get());
        client.join().cancel();
    }

    @Test
    @DisplayName("ends when its server is stopped, after what was published")
    void stopped() throws InterruptedException {
        PublishedEvents published = new PublishedEvents(this::publish, EventSourceServer.builder());
        EventStream stream =
                published.open(StreamRequest.own()).toCompletableFuture().join();
        stream.body().subscribe(new Client());
        published.server().stop();
        StringBuilder all = new StringBuilder();
        for (String element = next(); !element.equals("completed"); element = next()) {
            all.append(element);
        }
        assertTrue(all.toString().contains("data: event 1\n"), all::toString);
        assertTrue(cancelled.get());
        assertTrue(asked.get() <= 2, "the publisher was asked for " + asked + " events, though nobody gets them");
    }
}
