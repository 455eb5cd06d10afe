package eventsource.server.fanout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
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

    @Test
    @DisplayName("each host has a line for ours and one for its own, here and in the file that has a place for them")
    void hosts() throws IOException {
        String end = " round=1 streams=1000 topics=1 bytes=100 posts=1 version=12.1 heap_bytes_per_stream=2048.000"
                + " resident_kib=9 threads_added=2 ended=%s end_seconds=%s streams_whole=%s streams_cut=0";
        String stalled = " round=1 streams=100 topics=1 bytes=16384 posts=1 version=12.1 events=%s events_asked=3051"
                + " others_complete=%s seconds=4.200 heap_growth_mb=16.800 resident_growth_mb=1.200 stalled=true";
        Files.write(
                raw.resolve("hosts.txt"),
                List.of(
                        "# command: benchmarks/fanout/run hosts",
                        "# date: 2026-11-22",
                        "run scenario=hosts contestant=ours-jetty" + String.format(end, "true", "0.310", 1000),
                        "run scenario=hosts contestant=ours-jetty" + String.format(stalled, 3051, "true"),
                        "run scenario=hosts contestant=jetty" + String.format(end, "false", "60.000", 0),
                        "run scenario=hosts contestant=jetty" + String.format(stalled, 612, "false"),
                        "run scenario=hosts contestant=ours-tomcat" + String.format(end, "true", "0.4", 1000),
                        "run scenario=hosts contestant=ours-tomcat round=1 streams=100 version=11.0 void=nothing_arrived"));
        Map<String, Results> all = Page.read(raw);
        String page = Page.page(all);
        assertTrue(page.contains("## 1,000 streams on each web server"), page);
        assertTrue(
                page.contains(
                        "| Jetty 12.1 | `eventsource-server-servlet` | 2 | 2.0 | 0.3 | 1,000 | yes | 4.2 | 16.8 | 1.2"
                                + " | 2 of 2 |"),
                page);
        assertTrue(
                page.contains(
                        "| Jetty 12.1 | its own `EventSourceServlet` | 2 | 2.0 | > 60.0 | 0 | no: 612 of 3,051 events"
                                + " | 4.2 |"),
                page);
        assertTrue(page.contains("| 0.4 | 1,000 | – | – | – | – | 1 of 2 |"), page);
        assertTrue(page.contains("| Tomcat | – | – |"), page);
        String before = "# A\n\n<!-- hosts: made by benchmarks/fanout/run page -->\nold\n<!-- /hosts -->\nB\n";
        String after = Page.readme(before, all.get("hosts"));
        assertTrue(after.startsWith("# A\n\n<!-- hosts") && after.endsWith("<!-- /hosts -->\nB\n"), after);
        assertTrue(after.contains("| Jetty 12.1 | `eventsource-server-servlet` | 2 | 2.0 | 0.3 | yes | 18 |\n"), after);
        assertTrue(after.contains("`command: benchmarks/fanout/run hosts`, `date: 2026-11-22`"), after);
        assertFalse(after.contains("old"), after);
        assertEquals(after, Page.readme(after, all.get("hosts")));
        assertThrows(IllegalArgumentException.class, () -> Page.readme("nothing", all.get("hosts")));
    }
}
