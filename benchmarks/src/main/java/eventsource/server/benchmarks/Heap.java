package eventsource.server.benchmarks;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.EventSourceServerBuilder;
import eventsource.server.EventStream;
import eventsource.server.StreamRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * What streams, servers and topics cost in memory while nothing happens: the living objects before and after making many,
 * by class. Usage: {@code Heap [COUNT [WHAT]]}; each in a JVM of its own unless one is named.
 */
public final class Heap {

    private static final String FRAME = "eventsource.server.Frame";

    /** What is measured must not be garbage. */
    private static final Queue<Object> KEPT = new ConcurrentLinkedQueue<>();

    private Heap() {}

    /** What is counted, and how many by default. */
    enum What {
        STREAM_ON_ONE_TOPIC(50_000),
        STREAM_ON_ITS_OWN_TOPIC(50_000),
        STREAM_ON_20_OF_1000_TOPICS(50_000),
        SERVER_NEVER_USED(100_000),
        SERVER_AFTER_ONE_TRIMMED_EVENT(100_000),
        TOPIC_WITH_1_EVENT(100_000),
        TOPIC_WITH_10_EVENTS(100_000);

        private final int count;

        What(int count) {
            this.count = count;
        }

        Object make(int count) {
            return switch (this) {
                case STREAM_ON_ONE_TOPIC -> streamsOn(count, i -> "topic");
                case STREAM_ON_ITS_OWN_TOPIC -> streamsOn(count, i -> "topic/" + i);
                case STREAM_ON_20_OF_1000_TOPICS -> streamsOnTwentyTopics(count);
                case SERVER_NEVER_USED -> servers(count, EventSourceServer.builder());
                case SERVER_AFTER_ONE_TRIMMED_EVENT -> usedServers(count);
                case TOPIC_WITH_1_EVENT -> topics(count, 1);
                case TOPIC_WITH_10_EVENTS -> topics(count, 10);
            };
        }
    }

    public static void main(String[] args) {
        if (args.length == 2) {
            measure(What.valueOf(args[1]), Integer.parseInt(args[0]), row -> System.out.println(row));
            return;
        }
        try (Raw raw = new Raw("heap")) {
            for (What what : What.values()) {
                String count = args.length == 1 ? args[0] : Integer.toString(what.count);
                Fork.run(List.of(), Heap.class, List.of(count, what.name()), raw::line);
            }
        }
    }

    /** Makes many of something, keeps them alive, and notes what one costs. */
    static void measure(What what, int count, Consumer<Row> rows) {
        KEPT.add(what.make(10)); // loads classes and starts threads, which would count otherwise
        Histogram before = Histogram.take();
        KEPT.add(what.make(count));
        Histogram after = Histogram.take();
        rows.accept(Row.of("heap", "what", what, "count", count, "bytes", each(after.total() - before.total(), count)));
        after.since(before, count / 2)
                .forEach(entry -> rows.accept(Row.of(
                        "heap-class", "what", what, "class", entry.getKey(), "bytes", each(entry.getValue(), count))));
    }

    private static double each(long bytes, int count) {
        return (double) bytes / count;
    }

    // --- streams ---

    private static EventSourceServer streamsOn(int count, IntFunction<String> topic) {
        return open(count, i -> StreamRequest.of(topic.apply(i)));
    }

    private static EventSourceServer streamsOnTwentyTopics(int count) {
        return open(count, i -> {
            String[] topics = new String[20];
            for (int j = 0; j < topics.length; j++) {
                topics[j] = "topic/" + (i * 31 + j * 47) % 1000;
            }
            return StreamRequest.of(topics);
        });
    }

    /** Streams whose subscriber has taken the first bytes and wants more, as an adapter's would. */
    private static EventSourceServer open(int count, IntFunction<StreamRequest> request) {
        EventSourceServer server = EventSourceServer.builder()
                .keepalive(Duration.ZERO)
                .maxStreams(count)
                .build();
        Shared subscriber = new Shared(count);
        for (int i = 0; i < count; i++) {
            EventStream stream =
                    server.open(request.apply(i)).toCompletableFuture().join();
            stream.body().subscribe(subscriber);
        }
        subscriber.await();
        return server;
    }

    /** One object for all streams, so that it does not count. */
    private static final class Shared implements Flow.Subscriber<ByteBuffer> {
        private final CountDownLatch begun;

        Shared(int streams) {
            begun = new CountDownLatch(streams);
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(2); // the first bytes, and one for what never comes
        }

        @Override
        public void onNext(ByteBuffer bytes) {
            begun.countDown();
        }

        @Override
        public void onError(Throwable failure) {
            failure.printStackTrace();
        }

        @Override
        public void onComplete() {}

        void await() {
            try {
                if (!begun.await(2, TimeUnit.MINUTES)) {
                    throw new IllegalStateException(begun.getCount() + " streams did not begin");
                }
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
    }

    // --- servers ---

    private static List<EventSourceServer> servers(int count, EventSourceServerBuilder builder) {
        List<EventSourceServer> servers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            servers.add(builder.build());
        }
        return servers;
    }

    /** Each has emitted an event on its own stream, which was trimmed when its time was over. */
    private static List<EventSourceServer> usedServers(int count) {
        List<EventSourceServer> servers =
                servers(count, EventSourceServer.builder().retainFor(Duration.ofMillis(1)));
        Event event = Event.of("gone soon");
        servers.forEach(server -> server.emit(event));
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (Histogram.take().has(FRAME)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("events are still there a minute after their time");
            }
        }
        return servers;
    }

    // --- topics ---

    private static EventSourceServer topics(int topics, int events) {
        EventSourceServer server = EventSourceServer.builder()
                .retainFor(Duration.ZERO)
                .retainBytes(Long.MAX_VALUE)
                .build();
        Event event = Event.of("x".repeat(32));
        for (int round = 0; round < events; round++) {
            for (int i = 0; i < topics; i++) {
                server.emit(event, "topic/" + i);
            }
        }
        return server;
    }
}
