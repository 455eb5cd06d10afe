package eventsource.server.fanout;

import static eventsource.server.benchmarks.Results.columns;
import static eventsource.server.benchmarks.Results.line;
import static eventsource.server.benchmarks.Results.number;

import eventsource.server.benchmarks.Results;
import eventsource.server.benchmarks.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** What was measured on each web server: ours, and beside it what the server has itself for event streams. */
final class HostTables {

    private static final String NOTHING = "–";

    /** Ours on a web server, and what it has itself: nothing, if no contestant is named. */
    private record Pair(String host, String artifact, String ours, String api, String own) {}

    private static final List<Pair> PAIRS = List.of(
            new Pair("Tomcat", "servlet", "ours-tomcat", "", ""),
            new Pair("Jetty", "servlet", "ours-jetty", "EventSourceServlet", "jetty"),
            new Pair("Undertow", "servlet", "ours-undertow", "ServerSentEventHandler", "undertow"),
            new Pair("Spring MVC", "spring-boot-starter", "ours-spring-mvc", "SseEmitter", "spring-mvc"),
            new Pair(
                    "Spring WebFlux", "spring-boot-starter", "ours-spring-webflux", "Flux<ServerSentEvent>", "webflux"),
            new Pair("Vert.x", "vertx", "ours-vertx", "HttpServerResponse", "vertx"),
            new Pair("JDK", "jdk-httpserver", "ours-jdk", "", ""),
            new Pair("Netty", "netty", "ours-netty", "", ""));

    /** What is measured of a contestant: of the runs that ended it, and of those with a reader that stalls. */
    private record Runs(List<Row> all, List<Row> ended, List<Row> stalled) {

        static Runs of(List<Row> all) {
            return new Runs(all, having("end_seconds", all), having("others_complete", all));
        }

        private static List<Row> having(String name, List<Row> rows) {
            return Tables.clean(rows).stream()
                    .filter(row -> row.values().containsKey(name))
                    .toList();
        }

        String threads() {
            return cell(ended, row -> 1_000 * row.number("threads_added") / row.number("streams"), "%,.0f");
        }

        String heap() {
            return cell(ended, row -> row.number("heap_bytes_per_stream") / 1024, "%.1f");
        }

        String end() {
            boolean longer = ended.stream().anyMatch(row -> row.get("ended").equals("false"));
            return (longer ? "> " : "") + cell(ended, row -> row.number("end_seconds"), "%.1f");
        }

        String whole() {
            return cell(ended, row -> row.number("streams_whole"), "%,.0f");
        }

        String others() {
            if (stalled.isEmpty()) {
                return NOTHING;
            }
            return stalled.stream()
                    .filter(row -> row.get("others_complete").equals("false"))
                    .findFirst()
                    .map(row -> "no: " + number(row.number("events")) + " of " + number(row.number("events_asked"))
                            + " events")
                    .orElse("yes");
        }

        String seconds() {
            return cell(stalled, row -> row.number("seconds"), "%.1f");
        }

        String heapGrowth() {
            return cell(stalled, row -> row.number("heap_growth_mb"), "%.1f");
        }

        String otherGrowth() {
            return cell(stalled, row -> row.number("resident_growth_mb"), "%.1f");
        }

        String clean() {
            return Tables.clean(all).size() + " of " + all.size();
        }

        private static String cell(List<Row> rows, ToDoubleFunction<Row> of, String format) {
            return rows.isEmpty() ? NOTHING : String.format(Locale.ROOT, format, Tables.value(rows, of));
        }
    }

    private HostTables() {}

    /** With all that was measured. */
    static String full(Results results) {
        return table(
                        results,
                        runs -> List.of(
                                runs.threads(),
                                runs.heap(),
                                runs.end(),
                                runs.whole(),
                                runs.others(),
                                runs.seconds(),
                                runs.heapGrowth(),
                                runs.otherGrowth(),
                                runs.clean()),
                        "threads per 1,000 streams",
                        "heap KiB per stream",
                        "seconds until it has ended",
                        "streams that ended complete",
                        "the others got everything",
                        "in seconds",
                        "heap growth MB",
                        "other growth MB",
                        "clean runs")
                + """

                Threads are those that the process has more than before the first stream. Then it is sent SIGTERM: complete is a stream
                whose response has its proper end; one that is cut is told from it by every client. What ends the server is the
                application's usual way: ours ends the streams and then the server, the others leave it to the server. After a minute it is
                killed. In another process one of 100 streams is not read any more while 50 MB are emitted, as in the scenario above; ours
                are set to retain 16 MiB of events, which are the most of its heap's growth, with one stalled or none. Vert.x has no API for
                event streams: what is measured writes them to the response, and leaves out whoever is full. – where the server has nothing of
                its own.
                """;
    }

    /** For a page that has other things to say. */
    static String brief(Results results) {
        return table(
                results,
                runs -> List.of(runs.threads(), runs.heap(), runs.end(), runs.others(), growth(runs)),
                "threads per 1,000 streams",
                "heap per stream, KiB",
                "shutdown with them, s",
                "one of 100 stalls while 50 MB are emitted: the others get everything",
                "memory grows by, MB");
    }

    private static String growth(Runs runs) {
        return Runs.cell(runs.stalled, row -> row.number("heap_growth_mb") + row.number("resident_growth_mb"), "%.0f");
    }

    private static String table(Results results, Function<Runs, List<String>> cells, String... names) {
        List<String> head = new ArrayList<>(List.of("on", "by"));
        head.addAll(List.of(names));
        StringBuilder table = new StringBuilder(columns(2, head.toArray(String[]::new)));
        Map<String, List<Row>> all = results.grouped("run", row -> row.get("contestant"));
        for (Pair pair : PAIRS) {
            List<Row> ours = all.getOrDefault(pair.ours, List.of());
            List<Row> own = all.getOrDefault(pair.own, List.of());
            if (!ours.isEmpty()) {
                table.append(row(pair.host, "`eventsource-server-" + pair.artifact + "`", ours, cells));
            }
            if (!own.isEmpty()) {
                table.append(row(pair.host, "its own `" + pair.api + "`", own, cells));
            } else if (!ours.isEmpty() && pair.own.isEmpty() && !pair.ours.equals("ours-netty")) {
                table.append(row(pair.host, NOTHING, List.of(), cells));
            }
        }
        return table.toString();
    }

    private static String row(String host, String by, List<Row> rows, Function<Runs, List<String>> cells) {
        String version = rows.isEmpty() ? "-" : rows.get(0).get("version");
        List<String> line = new ArrayList<>(List.of(version.equals("-") ? host : host + " " + version, by));
        line.addAll(
                rows.isEmpty()
                        ? cells.apply(Runs.of(rows)).stream()
                                .map(cell -> NOTHING)
                                .toList()
                        : cells.apply(Runs.of(rows)));
        return line(line.toArray(String[]::new));
    }
}
