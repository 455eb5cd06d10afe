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
@Timeout(300)
@EnabledOnOs(value = OS.LINUX, disabledReason = "it reads /proc")
class FanoutTest {

    private static Row run(String program, Scenario scenario, boolean stalled) throws InterruptedException {
        Contestant contestant = new Contestant(
                program,
                program,
                "eventsource.server.fanout." + program,
                "",
                1,
                System.getProperty("java.class.path"),
                List.of("-Dhost=netty"));
        return Round.run(scenario, contestant, List.of("-Xmx64m"), 1, stalled, null);
    }

    private static Scenario scenario(
            Scenario.Kind kind, int streams, int topics, int bytes, int posts, double seconds, int megabytes) {
        return new Scenario("test", kind, streams, topics, bytes, posts, 0.1, seconds, megabytes, 1, List.of());
    }

    @ParameterizedTest
    @CsvSource({"Floor,1,1", "Floor,1,200", "Floor,10,1", "OnJdkServer,1,1", "OnJdkServer,1,200"})
    @DisplayName("a saturated run delivers every event once, in order, and is measured")
    void saturated(String program, int topics, int posts) throws InterruptedException {
        Row row = run(program, scenario(Scenario.Kind.SATURATED, 20, topics, 100, posts, 0.2, 0), false);
        assertFalse(row.values().containsKey("void"), row.toString());
        assertEquals(row.number("events") * 20 / topics, row.number("deliveries"));
        assertEquals(0, row.number("events") % posts);
        assertTrue(row.number("p99_ms") > 0, row.toString());
        assertTrue(row.number("segments_per_delivery") > 0, row.toString());
    }

    @Test
    @DisplayName("idle streams are counted, weighed, and sent heartbeats")
    void idle() throws InterruptedException {
        Row row = run("Floor", scenario(Scenario.Kind.IDLE, 30, 1, 100, 1, 2.5, 0), false);
        assertFalse(row.values().containsKey("void"), row.toString());
        assertTrue(row.number("heartbeats") >= 30, row.toString());
    }

    @Test
    @DisplayName("streams that are opened in a rush are all answered, and counted")
    void accept() throws InterruptedException {
        Row row = run("Floor", scenario(Scenario.Kind.ACCEPT, 1_500, 1, 100, 1, 0, 0), false);
        assertFalse(row.values().containsKey("void"), row.toString());
        assertTrue(row.number("accepted_per_second") > 0, row.toString());
    }

    @Test
    @DisplayName("a server that is asked to end is waited for, and its streams are seen to end as they should")
    void ended() throws InterruptedException {
        Row row = run("OnHost", scenario(Scenario.Kind.HOSTS, 30, 1, 100, 1, 0, 1), false);
        assertFalse(row.values().containsKey("void"), row.toString());
        assertEquals("true", row.get("ended"), row.toString());
        assertEquals(30, row.number("streams_whole"), row.toString());
        assertEquals(0, row.number("streams_cut"), row.toString());
        assertTrue(row.number("threads_added") < 30, row.toString());
    }

    @Test
    @DisplayName("streams that their server cuts are not taken for complete")
    void cut() throws InterruptedException {
        Row row = run("Floor", scenario(Scenario.Kind.HOSTS, 30, 1, 100, 1, 0, 1), false);
        assertEquals("0", row.get("streams_whole"), row.toString());
        assertEquals("30", row.get("streams_cut"), row.toString());
    }

    @Test
    @DisplayName("what a host does to others is run in a process of its own, with a part of the streams")
    void parts() {
        List<Scenario> parts = Options.parse(List.of("hosts", "--megabytes", "7"))
                .scenarios()
                .get(0)
                .parts();
        assertEquals(List.of(1_000, 100), parts.stream().map(Scenario::streams).toList());
        assertEquals(
                List.of(false, true), parts.stream().map(Scenario::isStalled).toList());
        assertEquals(7, parts.get(1).megabytes());
    }

    @ParameterizedTest
    @CsvSource({"Floor,true", "OnJdkServer,true", "OnJdkServer,false"})
    @DisplayName("a reader that stalls is measured until the others have everything")
    void stalled(String program, boolean stalled) throws InterruptedException {
        Row row = run(program, scenario(Scenario.Kind.STALLED, 3, 1, 16_384, 1, 0, 25), stalled);
        assertFalse(row.values().containsKey("void"), row.toString());
        assertEquals("true", row.get("others_complete"));
        assertEquals(stalled, row.values().containsKey("stalled_ended"));
        assertTrue(!stalled || row.get("stalled_ended").equals("true"), row.toString());
    }

    @Test
    @DisplayName("options change scenarios, and what was changed does not stand for the whole")
    void options() {
        Options options = Options.parse(List.of("stalled", "--rounds", "2", "--streams", "7", "--only", "floor"));
        assertEquals(2, options.scenarios().get(0).rounds());
        assertEquals(7, options.scenarios().get(0).streams());
        assertEquals(List.of("floor"), options.scenarios().get(0).contestants());
        assertFalse(options.isWhole());
        assertTrue(Options.parse(List.of("stalled")).isWhole());
        assertEquals(Scenario.ALL, Options.parse(List.of()).scenarios());
        assertThrows(IllegalArgumentException.class, () -> Options.parse(List.of("--rounds")));
        assertThrows(IllegalArgumentException.class, () -> Options.parse(List.of("nothing")));
        assertThrows(IllegalArgumentException.class, () -> Options.parse(List.of("--only", "nobody")));
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
