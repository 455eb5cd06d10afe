package eventsource.server.fanout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.benchmarks.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {

    @TempDir
    private Path raw;

    private static String run(String contestant, int round, double cpu) {
        return String.format(
                Locale.ROOT,
                "run scenario=saturated-1000 contestant=%s round=%d streams=1000 bytes=100 burst=1 version=1.2"
                        + " heap_bytes_per_stream=2048.000 cpu_us=%.3f user_us=1.000 system_us=%.3f"
                        + " deliveries_per_second=12345.678 client_reads_per_delivery=1.000 segments_per_delivery=1.001"
                        + " p50_ms=1.0 p99_ms=2.0 p999_ms=3.0",
                contestant,
                round,
                cpu,
                cpu - 1);
    }

    private Map<String, Results> results(String... lines) throws IOException {
        Files.write(raw.resolve("saturated-1000.txt"), List.of(lines));
        return Page.read(raw);
    }

    @Test
    @DisplayName("ratios are those of the same round, and figures are medians")
    void medians() throws IOException {
        String page = Page.page(results(
                "# command: benchmarks/fanout/run",
                run("undertow", 1, 12),
                run("floor", 1, 6),
                run("undertow", 2, 30),
                run("floor", 2, 10),
                run("undertow", 3, 16),
                run("floor", 3, 4)));
        assertTrue(page.contains("## 1,000 streams, saturated"), page);
        assertTrue(
                page.contains(
                        "| Undertow | 1.2 | 16.0 [12.0–30.0] | 1.0 | 15.0 | 3.00 | 12,346 | 1.0 | 2.0 | 3.0 | 2.0 | 1.000"
                                + " | 1.001 | – | 3 of 3 |"),
                page);
        assertTrue(page.indexOf("floor: NIO") < page.indexOf("| Undertow"), page);
        assertFalse(page.contains("A run with options"), page);
    }

    @Test
    @DisplayName("a void run is left out and said, and one with options as well")
    void voids() throws IOException {
        String page = Page.page(results(
                "# command: benchmarks/fanout/run --rounds 1",
                run("floor", 1, 6),
                "run scenario=saturated-1000 contestant=vertx round=1 streams=1000 burst=1 version=5"
                        + " void=event_7_came_after_event_5"));
        assertTrue(page.contains("| Vert.x | 5 | – |"), page);
        assertTrue(page.contains("| 0 of 1 |"), page);
        assertTrue(page.contains("- Vert.x, round 1: event 7 came after event 5"), page);
        assertTrue(page.contains("A run with options"), page);
    }

    @Test
    @DisplayName("the plot has a bar for each contestant")
    void plot() throws IOException {
        String svg = Page.plot(results(run("floor", 1, 6), run("undertow", 1, 12)));
        assertTrue(svg.contains(">Undertow<") && svg.contains(">12.0<"), svg);
        assertEquals(2 + 2 * 2 + 1, svg.split("<rect", -1).length - 1, svg);
    }

    @Test
    @DisplayName("a profile says whose the time is")
    void profile() throws IOException {
        Files.write(
                raw.resolve("profile.txt"),
                List.of(
                        "# command: benchmarks/fanout/run profile",
                        "kernel percent=91.2 cpu_us=6.9 samples=1234",
                        "owner name=ours,_the_core percent=3.4",
                        "frame name=Socket.send percent=80.0"));
        String page = Page.page(results(run("floor", 1, 6)));
        assertTrue(page.contains("91 % of its processor time is the kernel's"), page);
        assertTrue(page.contains("| ours, the core | 3.4 |"), page);
        assertTrue(page.contains("| `Socket.send` | 80.0 |"), page);
        assertEquals("ours, the server", Profile.owner("eventsource.server.netty.Scratch"));
        assertEquals("Netty", Profile.owner("io.netty.channel.Channel"));
    }

    @Test
    @DisplayName("what a scenario does not measure is left out")
    void notMeasured() throws IOException {
        Files.write(
                raw.resolve("minute.txt"),
                List.of(
                        "# command: benchmarks/fanout/run minute",
                        "run scenario=minute contestant=netty round=1 streams=1000 topics=1 bytes=100 posts=1 version=4"
                                + " cpu_us=7.970 user_us=1.034 system_us=6.936 deliveries_per_second=49333.367"
                                + " allocated_bytes_per_delivery=1.282"));
        String page = Page.page(results(run("floor", 1, 6)));
        assertTrue(page.contains("| ours, Netty | 4 | 8.0 [8.0–8.0] | 1.0 | 6.9 | – | 49,333 | – |"), page);
    }
}
