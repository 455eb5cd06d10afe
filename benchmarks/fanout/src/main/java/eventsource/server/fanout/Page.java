package eventsource.server.fanout;

import static eventsource.server.benchmarks.Results.columns;
import static eventsource.server.benchmarks.Results.line;
import static eventsource.server.benchmarks.Results.number;

import eventsource.server.benchmarks.Results;
import eventsource.server.benchmarks.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** Makes the page of results, and its plot, out of raw results. Usage: {@code Page RAW-DIRECTORY DOCS-DIRECTORY}. */
public final class Page {

    private static final String INTRODUCTION = """
            # What a delivery costs

            Made by `benchmarks/fanout/run page` from the files in
            [benchmarks/fanout/results/raw](../benchmarks/fanout/results/raw); not to be edited. `benchmarks/fanout/run` measures all
            of it again on your machine.

            **What is measured.** The same broadcast on several web servers, each written as is usual for it, and as small
            ([sources](../benchmarks/fanout/contestants)), each in a process of its own, with the same JDK and the same flags.
            One client holds all connections, in one thread, on the same machine: it posts events, and emits the next when every
            stream has the last. Contestants take turns, and each round begins with another one.

            **CPU per delivery** is what to read: processor time of the server's process alone, from `/proc`, divided by the events
            that arrived. It does not depend on how fast the client is. Deliveries per second and latencies do: the client
            shares the processors. A latency is the time from before the post until the client has read the event, so in a saturated
            run it is mostly how long it takes to write to everybody.

            **The floor** is what a JVM cannot do without: one thread on NIO, each event framed once in a direct buffer, one
            write per stream, no resumption, no limits but one on what is pending. Ratios are medians of the ratios to the floor of the same round.

            **A run is void** if any stream misses an event, or has one twice or out of order, or ends; numbers are checked on
            every connection. Void runs are left out, and counted. Figures are medians of the others, `[a–b]` their
            extremes. Heap per stream is the difference that the last nine tenths of the streams make, living objects after a
            full collection.
            """;

    private Page() {}

    public static void main(String[] args) throws IOException {
        Path docs = Path.of(args[1]);
        Map<String, Results> results = read(Path.of(args[0]));
        if (results.isEmpty()) {
            System.err.println("there are no raw results in " + args[0]);
            return;
        }
        Files.createDirectories(docs.resolve("images"));
        Files.writeString(docs.resolve("benchmarks.md"), page(results));
        Files.writeString(docs.resolve("images/fanout.svg"), plot(results));
    }

    static Map<String, Results> read(Path raw) throws IOException {
        Map<String, Results> results = new LinkedHashMap<>();
        for (Scenario scenario : Scenario.ALL) {
            Path file = raw.resolve(scenario.name() + ".txt");
            if (Files.exists(file)) {
                results.put(scenario.name(), Results.read(file));
            }
        }
        return results;
    }

    static String page(Map<String, Results> results) {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        page.append("\n![CPU per delivery of each contestant, saturated](images/fanout.svg)\n");
        results.forEach((scenario, result) -> {
            List<Row> rows = result.of("run");
            if (!rows.isEmpty()) {
                page.append("\n## ").append(title(scenario, rows.get(0))).append("\n\n");
                if (result.head().stream().anyMatch(line -> line.startsWith("command: ") && line.contains("--"))) {
                    page.append("**A run with options: shorter, or with fewer streams, than what is published.**\n\n");
                }
                page.append("`").append(String.join("`, `", result.head())).append("`\n\n");
                page.append(scenario.equals("stalled") ? stalled(result) : saturated(result));
                page.append(voids(rows));
            }
        });
        return page.toString();
    }

    private static String title(String scenario, Row row) {
        String streams = number(row.number("streams")) + " streams";
        return switch (scenario) {
            case "burst" -> streams + ", " + row.get("burst") + " events at once";
            case "stalled" -> "One of " + streams + " is not read any more";
            default -> streams + ", saturated";
        };
    }

    private static String saturated(Results results) {
        StringBuilder table = new StringBuilder(columns(
                2,
                "contestant",
                "version",
                "CPU µs per delivery",
                "user",
                "system",
                "× floor",
                "deliveries/s",
                "p50 ms",
                "p99 ms",
                "p99.9 ms",
                "heap KiB per stream",
                "reads per delivery",
                "clean runs"));
        Map<String, List<Row>> all = results.grouped("run", row -> row.get("contestant"));
        ordered(all).forEach(name -> {
            List<Row> rows = all.getOrDefault(name, List.of());
            List<Row> clean = clean(rows);
            table.append(line(
                    Contestant.title(name),
                    version(rows),
                    spread(clean, "cpu_us"),
                    median(clean, "user_us"),
                    median(clean, "system_us"),
                    cell(clean, row -> ratio(row, all.getOrDefault("floor", List.of())), "%.2f"),
                    cell(clean, row -> row.number("deliveries_per_second"), "%,.0f"),
                    median(clean, "p50_ms"),
                    median(clean, "p99_ms"),
                    median(clean, "p999_ms"),
                    cell(clean, row -> row.number("heap_bytes_per_stream") / 1024, "%.1f"),
                    cell(clean, row -> row.number("client_reads_per_delivery"), "%.2f"),
                    clean.size() + " of " + rows.size()));
        });
        return table.toString();
    }

    private static String stalled(Results results) {
        StringBuilder table = new StringBuilder(columns(
                3,
                "contestant",
                "round",
                "the others got everything",
                "seconds",
                "p99 ms",
                "heap growth MB",
                "other growth MB",
                "the stalled one, reading again: events",
                "gaps",
                "ended by the server"));
        Map<String, List<Row>> all = results.grouped("run", row -> row.get("contestant"));
        ordered(all)
                .forEach(name -> clean(all.getOrDefault(name, List.of())).forEach(row -> {
                    boolean complete = row.get("others_complete").equals("true");
                    table.append(line(
                            Contestant.title(row.get("contestant")),
                            row.get("round"),
                            complete
                                    ? "yes"
                                    : "no: " + row.get("events") + " of " + row.get("events_asked") + " events",
                            cell(row, "seconds", "%.1f"),
                            cell(row, "p99_ms", "%.1f"),
                            cell(row, "heap_growth_mb", "%.1f"),
                            cell(row, "resident_growth_mb", "%.1f"),
                            row.get("stalled_events") + " of " + number(row.number("events_asked") + 1),
                            row.get("stalled_gaps"),
                            row.get("stalled_ended").equals("true") ? "yes" : "no"));
                }));
        return table + """

                The next event is emitted when the others have the last; after ten seconds without any arrival it is given up. Heap is what
                lives after a full collection; the heap is in memory from the start, so the other growth lies outside of it. What
                the stalled client gets when it reads again was in the system's buffers, or in the server; then one more event is emitted, so
                that a gap before it shows. Ours are set to retain 16 MiB of events; a client whose stream has ended comes back with
                the id of its last event, and is told whether all since then is retained.
                """;
    }

    private static String voids(List<Row> rows) {
        StringBuilder list = new StringBuilder();
        for (Row row : rows) {
            String why = row.values().get("void");
            if (why != null) {
                list.append("- ").append(Contestant.title(row.get("contestant")));
                list.append(", round ").append(row.get("round")).append(": ");
                list.append(why.replace('_', ' ')).append('\n');
            }
        }
        return list.isEmpty() ? "" : "\nVoid runs:\n\n" + list;
    }

    /** The contestants of two scenarios by their processor time. */
    static String plot(Map<String, Results> results) {
        List<Plot.Panel> panels = new ArrayList<>();
        results.forEach((scenario, result) -> {
            Map<String, List<Row>> all = result.grouped("run", row -> row.get("contestant"));
            List<Plot.Bar> bars = new ArrayList<>();
            for (String name : ordered(all)) {
                List<Row> clean = clean(all.getOrDefault(name, List.of()));
                if (scenario.startsWith("saturated") && !clean.isEmpty()) {
                    double system = value(clean, row -> row.number("system_us"));
                    double total = value(clean, row -> row.number("cpu_us"));
                    bars.add(new Plot.Bar(Contestant.title(name), system, Math.max(0, total - system)));
                }
            }
            if (!bars.isEmpty()) {
                panels.add(new Plot.Panel(title(scenario, result.of("run").get(0)), bars));
            }
        });
        return Plot.of("CPU µs of the server per delivery", panels);
    }

    private static List<String> ordered(Map<String, List<Row>> all) {
        return Contestant.names().stream().filter(all::containsKey).toList();
    }

    private static List<Row> clean(List<Row> rows) {
        return rows.stream().filter(row -> !row.values().containsKey("void")).toList();
    }

    private static String version(List<Row> rows) {
        return rows.get(0).get("version");
    }

    private static double ratio(Row row, List<Row> floors) {
        OptionalDouble floor = clean(floors).stream()
                .filter(other -> other.get("round").equals(row.get("round")))
                .mapToDouble(other -> other.number("cpu_us"))
                .findFirst();
        return row.number("cpu_us") / floor.orElse(Double.NaN);
    }

    /** The median; not a number if there is none. */
    private static double value(List<Row> rows, ToDoubleFunction<Row> of) {
        double[] values = rows.stream()
                .filter(row -> row.values().containsKey("cpu_us"))
                .mapToDouble(of)
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        int middle = values.length / 2;
        if (values.length == 0) {
            return Double.NaN;
        }
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    private static String cell(List<Row> rows, ToDoubleFunction<Row> of, String format) {
        double value = value(rows, of);
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, format, value);
    }

    private static String cell(Row row, String name, String format) {
        return String.format(Locale.ROOT, format, row.number(name));
    }

    private static String median(List<Row> rows, String name) {
        return cell(rows, row -> row.number(name), "%.1f");
    }

    private static String spread(List<Row> rows, String name) {
        double[] values =
                rows.stream().mapToDouble(row -> row.number(name)).sorted().toArray();
        return values.length == 0
                ? "–"
                : median(rows, name) + String.format(Locale.ROOT, " [%.1f–%.1f]", values[0], values[values.length - 1]);
    }
}
