package eventsource.server;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What it costs a lane to find what is pending at a place and to have its bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DrainBenchmark {

    private static final int RETAINED = 1000; // of each topic

    /** How many topics the stream follows. */
    @Param({"1", "20"})
    public int topics = 1;

    /** How many events are pending, in one or another of its topics. */
    @Param({"1", "10", "100"})
    public int pending = 1;

    private final Run run = new Run(Representation.PLAIN);
    private Feed[] feeds = {};
    private long head;

    @Setup
    public void append() {
        feeds = new Feed[topics];
        for (int i = 0; i < topics; i++) {
            feeds[i] = new Feed("topic/" + i, 0);
        }
        Event event = Event.of("x".repeat(100));
        Frame.Fields fields = Frame.Fields.of(event);
        for (head = 0; head < (long) RETAINED * topics; ) {
            Feed feed = feeds[(int) (head % topics)];
            feed.add(new Frame(++head, 0, Traits.of(event), feed.alone, fields, "~abcdefgh-lfls"));
        }
    }

    /** The first stream at a place: the run is found, and joined if it has several frames. */
    @Benchmark
    public ByteBuffer first() {
        run.clear();
        run.find(feeds, head - pending, null, head, null);
        return run.bytes();
    }

    /** Every further stream at that place. */
    @Benchmark
    public ByteBuffer further() {
        run.find(feeds, head - pending, null, head, null);
        return run.bytes();
    }
}
