package eventsource.server.benchmarks;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.StreamRequest;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What it costs an emitter to emit an event of 100 bytes: encode, append, trim the oldest, look for whom to wake. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AppendBenchmark {

    /** How many topics each event goes to. */
    @Param({"1", "20"})
    public int topics = 1;

    /** How many streams are open that follow other topics. */
    @Param({"0", "50000"})
    public int idleStreams;

    private final Event event = Event.of("x".repeat(100));
    private EventSourceServer server = EventSourceServer.builder().build();
    private String[] names = {};

    @Setup
    public void open() throws InterruptedException {
        names = new String[topics];
        for (int i = 0; i < topics; i++) {
            names[i] = "topic/" + i;
        }
        server = EventSourceServer.builder()
                .retainBytes(16 << 20)
                .keepalive(Duration.ZERO)
                .build();
        CountDownLatch begun = new CountDownLatch(idleStreams);
        Arrivals arrivals = new Arrivals();
        for (int i = 0; i < idleStreams; i++) {
            server.outSupply(StreamRequest.of("idle/" + i)).subscribe(new Client(0, arrivals, begun));
        }
        begun.await();
    }

    @TearDown
    public void stop() {
        server.stop();
    }

    @Benchmark
    public Object emit() {
        return server.emit(event, names);
    }
}
