package eventsource.server.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;

/**
 * The loads under which the shapes are compared. Times are processor time of the one thread that does everything, per event
 * that is appended, trimmed or delivered; so neither other processes nor the collectors' threads are in them.
 */
final class ShapeLoad {

    static final List<String> LOADS =
            List.of("one_topic", "many_topics", "million_topics", "twenty_topics_each", "selectors", "resume");

    private static final byte[] FIELDS = ("data: " + "x".repeat(32) + "\n").getBytes(StandardCharsets.US_ASCII);
    private static final int WARM_UP = 3;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Takes what was measured. */
    interface Found {
        void accept(String metric, double value);
    }

    private final IntFunction<Shape> make;
    private final int rounds;
    private final int percent;
    private final Found found;
    private final Random random = new Random(20261122);

    /** Whatever a load has delivered, so that no compiler may leave it out. */
    private long delivered;

    ShapeLoad(IntFunction<Shape> make, int rounds, int percent, Found found) {
        this.make = make;
        this.rounds = rounds;
        this.percent = percent;
        this.found = found;
    }

    void run(String load) {
        switch (load) {
            case "one_topic" -> oneTopic();
            case "many_topics" -> manyTopics();
            case "million_topics" -> millionTopics();
            case "twenty_topics_each" -> twentyTopicsEach();
            case "selectors" -> selectors();
            case "resume" -> resume();
            default -> throw new IllegalArgumentException(load);
        }
        if (delivered < 0) {
            throw new IllegalStateException("cursors were overtaken");
        }
    }

    private int of(int full) {
        return Math.max(20, (int) ((long) full * percent / 100));
    }

    // --- the clock ---

    private interface Work {
        /** Gives how many events it was about. */
        long run();
    }

    /** Several works by turns, round by round; the time of each is noted once they are warm. */
    private void measure(int times, String[] metrics, Work... works) {
        for (int round = -WARM_UP; round < rounds; round++) {
            long[] nanos = new long[works.length];
            long[] events = new long[works.length];
            for (int time = 0; time < times; time++) {
                for (int i = 0; i < works.length; i++) {
                    long start = cpu();
                    events[i] += works[i].run();
                    nanos[i] += cpu() - start;
                }
            }
            for (int i = 0; i < works.length && round >= 0; i++) {
                found.accept(metrics[i], (double) nanos[i] / events[i]);
            }
        }
    }

    private static long cpu() {
        return THREADS.getCurrentThreadCpuTime();
    }

    private static String[] names(String... names) {
        return names;
    }

    private long drain(Iterable<Shape.Cursor> cursors) {
        long count = 0;
        for (Shape.Cursor cursor : cursors) {
            drain(cursor);
            count++;
        }
        return count;
    }

    private void drain(Shape.Cursor cursor) {
        int bytes = cursor.drain();
        if (bytes < 0) {
            throw new IllegalStateException("a cursor was overtaken, which no load intends");
        }
        delivered += bytes;
    }

    // --- the loads ---

    private void oneTopic() {
        Shape shape = make.apply(1);
        append(shape, 10_000, 1);
        Histogram before = Histogram.take();
        List<Shape.Cursor> cursors = new ArrayList<>();
        for (int i = 0; i < of(50_000); i++) {
            cursors.add(shape.open(shape.head(), 0));
        }
        drainNewEvent(shape, cursors);
        found.accept("bytes per cursor", (double) (Histogram.take().total() - before.total()) / cursors.size());
        measure(50, names("append, trim and drain, ns"), () -> drainNewEvent(shape, cursors));
    }

    private long drainNewEvent(Shape shape, List<Shape.Cursor> cursors) {
        appendAndTrim(shape, 0);
        return drain(cursors);
    }

    private static long appendAndTrim(Shape shape, int... feeds) {
        shape.append(FIELDS, feeds);
        shape.trim();
        return 1;
    }

    private static void append(Shape shape, int events, int feeds) {
        for (int i = 0; i < events; i++) {
            shape.append(FIELDS, i % feeds);
        }
    }

    /** One cursor per topic; events for some of them, then these are drained. */
    private void manyTopics() {
        int topics = of(100_000);
        Shape shape = make.apply(topics);
        append(shape, topics, topics);
        Shape.Cursor[] cursors = new Shape.Cursor[topics];
        for (int i = 0; i < topics; i++) {
            cursors[i] = shape.open(shape.head(), i);
        }
        int[] chosen = new int[topics / 20];
        measure(20, names("append and trim, ns", "drain, ns"), () -> appendToRandom(shape, topics, chosen), () -> {
            for (int topic : chosen) {
                drain(cursors[topic]);
            }
            return chosen.length;
        });
    }

    private long appendToRandom(Shape shape, int topics, int[] chosen) {
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = random.nextInt(topics);
            appendAndTrim(shape, chosen[i]);
        }
        return chosen.length;
    }

    private void millionTopics() {
        int topics = of(1_000_000);
        int events = 10 * topics;
        Histogram before = Histogram.take();
        Shape shape = make.apply(topics);
        double empty = Histogram.take().total() - before.total();
        found.accept("bytes per topic without events", empty / topics);
        Usage atStart = Usage.now();
        append(shape, events, topics);
        Usage used = Usage.now().since(atStart);
        found.accept("append while filling, ns", (double) used.ownCpuNanos() / events);
        found.accept("collecting garbage while filling, ms", (double) used.gcMillis());
        double full = Histogram.take().total() - before.total();
        found.accept("bytes per event, its place in its topic included", (full - empty) / events);
        int[] chosen = new int[topics / 10];
        measure(1, names("append and trim at random, ns"), () -> appendToRandom(shape, topics, chosen));
        long trimming = cpu();
        long trimmed = 0;
        while (shape.trim()) {
            trimmed++;
        }
        found.accept("trim all, ns", (double) (cpu() - trimming) / trimmed);
    }

    /** Each cursor merges twenty topics: event by event, then ten events at a time. */
    private void twentyTopicsEach() {
        int topics = of(20_000);
        Shape shape = make.apply(topics);
        append(shape, 10 * topics, topics);
        List<List<Shape.Cursor>> followers = new ArrayList<>();
        for (int i = 0; i < topics; i++) {
            followers.add(new ArrayList<>());
        }
        List<Shape.Cursor> cursors = new ArrayList<>();
        Histogram before = Histogram.take();
        for (int i = 0; i < of(20_000); i++) {
            int[] feeds = random.ints(0, topics).distinct().limit(20).toArray();
            Shape.Cursor cursor = shape.open(shape.head(), feeds);
            cursors.add(cursor);
            for (int feed : feeds) {
                followers.get(feed).add(cursor);
            }
        }
        found.accept("bytes per cursor", (double) (Histogram.take().total() - before.total()) / cursors.size());
        int[] one = new int[1];
        measure(10, names("one event: append, trim and drain, ns"), () -> {
            long deliveries = 0;
            for (int i = 0; i < 100; i++) {
                appendToRandom(shape, topics, one);
                deliveries += drain(followers.get(one[0]));
            }
            return deliveries;
        });
        drain(cursors);
        int[] burst = new int[topics / 2];
        measure(
                4,
                names("ten events: append and trim, ns", "ten events: drain, ns"),
                () -> appendToRandom(shape, topics, burst),
                () -> 10 * drain(cursors));
    }

    /** Of 10,000 topics, every tenth is selected by one feed, and all by another. */
    private void selectors() {
        int topics = of(10_000);
        int tenth = topics;
        int every = topics + 1;
        Histogram before = Histogram.take();
        Shape shape = make.apply(topics + 2);
        int events = 10 * topics;
        for (int i = 0; i < events; i++) {
            select(shape, i % topics, tenth, every, false);
        }
        found.accept(
                "bytes per event in two or three feeds",
                (double) (Histogram.take().total() - before.total()) / events);
        List<Shape.Cursor> ofTenth = cursors(shape, tenth);
        List<Shape.Cursor> ofEvery = cursors(shape, every);
        measure(
                100,
                names("append and trim, ns", "drain every tenth, ns", "drain all, ns"),
                () -> {
                    for (int i = 0; i < 100; i++) {
                        select(shape, random.nextInt(topics), tenth, every, true);
                    }
                    return 100;
                },
                () -> 10 * drain(ofTenth),
                () -> 100 * drain(ofEvery));
    }

    private static void select(Shape shape, int topic, int tenth, int every, boolean trim) {
        if (topic % 10 == 0) {
            shape.append(FIELDS, topic, tenth, every);
        } else {
            shape.append(FIELDS, topic, every);
        }
        if (trim) {
            shape.trim();
        }
    }

    private static List<Shape.Cursor> cursors(Shape shape, int feed) {
        List<Shape.Cursor> cursors = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            cursors.add(shape.open(shape.head(), feed));
        }
        return cursors;
    }

    /** Clients come back, to one topic or twenty, from just now or from anywhere. Times are per client. */
    private void resume() {
        int retained = of(100_000);
        Shape shape = make.apply(21);
        for (int i = 0; i < retained; i++) {
            shape.append(FIELDS, 0);
            shape.append(FIELDS, 1 + i % 20);
        }
        Shape.Cursor one = shape.open(0, 0);
        Shape.Cursor twenty =
                shape.open(0, random.ints(1, 21).distinct().limit(20).toArray());
        measure(
                10,
                names(
                        "1 topic, up to ten events ago, ns",
                        "1 topic, anywhere, ns",
                        "20 topics, up to ten events ago, ns",
                        "20 topics, anywhere, ns"),
                () -> comeBack(one, shape.head() - 20, 200, shape.head()),
                () -> comeBack(one, 0, 20, shape.head()),
                () -> comeBack(twenty, shape.head() - 20, 200, shape.head()),
                () -> comeBack(twenty, 0, 20, shape.head()));
    }

    /** Some clients, one after the other, from anywhere after a number. */
    private long comeBack(Shape.Cursor cursor, long after, int clients, long head) {
        for (int i = 0; i < clients; i++) {
            cursor.move(after + (long) (random.nextDouble() * (head - after)));
            drain(cursor);
        }
        return clients;
    }
}
