package eventsource.server.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Every program runs, if only for a moment. What it measures here means nothing. */
@Timeout(300)
class ProgramsTest {

    private final List<String> lines = new ArrayList<>();

    private void note(Object line) {
        lines.add(line.toString());
    }

    @ParameterizedTest
    @EnumSource
    void heap(Heap.What what) {
        Heap.measure(what, 1000, this::note);
        double bytes = Row.parse(lines.get(0)).number("bytes");
        assertTrue(bytes > 100 && bytes < 10_000, lines.get(0));
    }

    static List<Delivery.Scenario> scenarios() {
        return Delivery.SCENARIOS.stream()
                .map(full -> new Delivery.Scenario(
                        full.name(),
                        40,
                        Math.min(40, full.topics()),
                        full.topicsEach(),
                        Math.min(10, full.burst()),
                        full.threads()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void delivery(Delivery.Scenario scenario) {
        new Load(scenario).run(1, 0.02, this::note);
        Row row = Row.parse(lines.get(0));
        assertTrue(row.number("elements") > 0 && row.number("elements") <= row.number("deliveries"), row.toString());
    }

    static List<String> loads() {
        return ShapeLoad.LOADS;
    }

    @ParameterizedTest
    @MethodSource("loads")
    void shapes(String load) {
        for (String shape : Shapes.SHAPES) {
            Shapes.run(load, shape, 1, 0, this::note);
        }
        assertFalse(lines.isEmpty());
    }

    @Test
    void topics() {
        Topics.run(200, 20, 1, this::note);
        assertEquals(3, lines.size());
    }

    @Test
    void jmh() throws RunnerException {
        Jmh.run(
                new OptionsBuilder()
                        .include("eventsource.server")
                        .param("idleStreams", "0", "20")
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(1))
                        .build(),
                this::note);
        assertEquals(8 + 4 + 12, lines.size());
    }

    @Test
    void profile() throws IOException {
        Profile.profile("0", "1", "0.3", this::note);
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("samples ")), lines.toString());
    }

    @Test
    void tablesAreMadeOfTheRawResults(@TempDir Path raw) throws IOException {
        note("# command: benchmarks/run heap");
        note(Row.of("heap", "what", "STREAM", "count", 10, "bytes", 236.5));
        note(Row.of("heap-class", "what", "STREAM", "class", "eventsource.server.Alarm", "bytes", 40.0));
        Files.write(raw.resolve("heap.txt"), lines);
        String page = Tables.page(raw);
        assertTrue(page.contains("| STREAM | 10 | 237 |"), page);
        assertTrue(page.contains("| STREAM | `Alarm` 40 |"), page);
        assertTrue(page.contains("`command: benchmarks/run heap`"), page);
    }
}
