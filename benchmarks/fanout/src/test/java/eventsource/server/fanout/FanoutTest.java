package eventsource.server.fanout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.benchmarks.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The harness runs, if only for a moment, against what is in this module. What it measures here means nothing. */
@Timeout(120)
@EnabledOnOs(value = OS.LINUX, disabledReason = "it reads /proc")
class FanoutTest {

    private static Row run(String program, Scenario scenario) throws InterruptedException {
        Contestant contestant = new Contestant(
                program, program, "eventsource.server.fanout." + program, "", 1, System.getProperty("java.class.path"));
        return Round.run(scenario, contestant, List.of("-Xmx64m"), 1);
    }

    @ParameterizedTest
    @CsvSource({"Floor,1", "Floor,10", "OnJdkServer,1", "OnJdkServer,10"})
    @DisplayName("a saturated run delivers every event once, in order, and is measured")
    void saturated(String program, int burst) throws InterruptedException {
        Row row = run(program, new Scenario("saturated", 20, 100, burst, 0.1, 0.2, 0, 1));
        assertFalse(row.values().containsKey("void"), row.toString());
        assertEquals(20 * row.number("events"), row.number("deliveries"));
        assertTrue(row.number("p99_ms") > 0, row.toString());
    }

    @ParameterizedTest
    @CsvSource({"Floor", "OnJdkServer"})
    @DisplayName("a reader that stalls is measured until the others have everything")
    void stalled(String program) throws InterruptedException {
        Row row = run(program, new Scenario("stalled", 3, 16_384, 1, 0.1, 0, 25, 1));
        assertFalse(row.values().containsKey("void"), row.toString());
        assertEquals("true", row.get("others_complete"));
        assertEquals("true", row.get("stalled_ended"), row.toString());
    }

    @Test
    @DisplayName("options change scenarios, and what was changed does not stand for the whole")
    void options() {
        Options options = Options.parse(List.of("burst", "--rounds", "2", "--streams", "7", "--only", "floor"));
        assertEquals(2, options.scenarios().get(0).rounds());
        assertEquals(7, options.scenarios().get(0).streams());
        assertEquals(List.of("floor"), options.only());
        assertFalse(options.isWhole());
        assertTrue(Options.parse(List.of("stalled")).isWhole());
        assertEquals(Scenario.ALL, Options.parse(List.of()).scenarios());
        assertThrows(IllegalArgumentException.class, () -> Options.parse(List.of("--rounds")));
        assertThrows(IllegalArgumentException.class, () -> Options.parse(List.of("nothing")));
    }

    @Test
    @DisplayName("versions are those of the jars")
    void versions() {
        assertEquals("2.4.4.Final", Contestant.version("/a/undertow-core-2.4.4.Final.jar:/b/c.jar", "undertow-core"));
        assertEquals("", Contestant.version("/a/b.jar", ""));
    }

    @Test
    @DisplayName("what has not been built is no contestant")
    void notBuilt(@TempDir Path nothing) throws IOException {
        assertEquals(List.of(), Contestant.built(nothing));
    }
}
