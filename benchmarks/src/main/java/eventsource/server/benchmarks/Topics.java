package eventsource.server.benchmarks;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.StreamRequest;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One process with a million topics: ten events of 32 bytes retained of each, 100,000 idle streams on topics of their own,
 * and then a minute of events to random topics. It must not run out of memory. Usage: {@code Topics [TOPICS STREAMS
 * SECONDS]}; without arguments, in a JVM with 2 GiB of heap and 64 MiB for direct buffers.
 */
public final class Topics {

    private static final List<String> FLAGS = List.of("-Xmx2g", "-XX:MaxDirectMemorySize=64m");
    private static final int EVENTS_EACH = 10;
    private static final Event EVENT = Event.of("x".repeat(32));

    private final EventSourceServer server;
    private final String[] names;
    private final Arrivals arrivals = new Arrivals(); // nobody waits for them: only counted by the clients

    private Topics(int topics, int streams) {
        names = new String[topics];
        for (int i = 0; i < topics; i++) {
            names[i] = "topic/" + i;
        }
        server = EventSourceServer.builder()
                .retainFor(Duration.ZERO)
                .retainBytes(Long.MAX_VALUE)
                .retainPerTopic(EVENTS_EACH)
                .maxStreams(streams)
                .build();
    }

    public static void main(String[] args) {
        if (args.length == 3) {
            run(Integer.parseInt(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]), System.out::println);
            return;
        }
        try (Raw raw = new Raw("topics")) {
            Fork.run(FLAGS, Topics.class, List.of("1000000", "100000", "60"), raw::line);
        }
    }

    static void run(int topics, int streams, int seconds, Consumer<Row> rows) {
        Topics many = new Topics(topics, streams);
        rows.accept(many.phase("fill", many::fill));
        rows.accept(many.phase("open", () -> many.open(streams)));
        rows.accept(many.phase("emit", () -> many.emit(seconds)));
        many.server.stop();
    }

    private interface Work {
        long run();
    }

    /** Does something, and notes what it took and what memory holds afterwards. */
    private Row phase(String name, Work work) {
        Usage before = Usage.now();
        long done = work.run();
        Usage used = Usage.now().since(before);
        System.gc();
        return Row.of(
                "topics",
                "phase",
                name,
                "topics",
                names.length,
                "done",
                done,
                "per_second",
                Math.round(done * 1e9 / used.wallNanos()),
                "cpu_ns_each",
                (double) used.cpuNanos() / done,
                "gc_ms",
                used.gcMillis(),
                "seconds",
                used.wallNanos() / 1e9,
                "heap_mib_after_full_gc",
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20,
                "direct_kib",
                directBytes() >> 10);
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    /** Ten events for each topic, round by round, so that neighbours in memory are of different topics. */
    private long fill() {
        for (int i = 0; i < EVENTS_EACH; i++) {
            for (String name : names) {
                server.emit(EVENT, name);
            }
        }
        return (long) EVENTS_EACH * names.length;
    }

    private long open(int streams) {
        CountDownLatch begun = new CountDownLatch(streams);
        int apart = names.length / streams;
        for (int i = 0; i < streams; i++) {
            server.outSupply(StreamRequest.of(names[i * apart])).subscribe(new Client(0, arrivals, begun));
        }
        try {
            if (!begun.await(2, TimeUnit.MINUTES)) {
                throw new IllegalStateException(begun.getCount() + " streams have not begun after two minutes");
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
        return streams;
    }

    private long emit(int seconds) {
        Random random = new Random(20261122);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        long emitted = 0;
        while (System.nanoTime() - end < 0) {
            server.emit(EVENT, names[random.nextInt(names.length)]);
            emitted++;
        }
        return emitted;
    }
}
