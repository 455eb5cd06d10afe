package eventsource.server;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What it costs to make the bytes of an event, once for all clients. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EncodeBenchmark {

    private static final Feed[] NOWHERE = {};

    @Param({"small", "kilobyte", "lines", "nonAscii"})
    public String data = "small";

    private Event event = Event.of("");
    private long number = 1_000_000;

    @Setup
    public void makeEvent() {
        event = Event.of(
                "tick",
                switch (data) {
                    case "small" -> "{\"price\":101.25,\"size\":300}";
                    case "kilobyte" -> "x".repeat(1024);
                    case "lines" -> "a line of forty characters, or about so\n".repeat(25);
                    case "nonAscii" -> "Grüße, 世界, 🌍! ".repeat(64);
                    default -> throw new IllegalArgumentException(data);
                });
    }

    @Benchmark
    public Object fields() {
        return Frame.Fields.of(event);
    }

    @Benchmark
    public Object frame() {
        return new Frame(number++, 0, Traits.of(event), NOWHERE, Frame.Fields.of(event), "~abcdefgh-lfls");
    }
}
