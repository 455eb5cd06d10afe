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
import java.util.OptionalDouble;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;

/** What was measured, as tables: medians of runs that are not void. */
final class Tables {

    private Tables() {}

    /** The table of a scenario. */
    static String of(String scenario, Results results) {
        return switch (scenario) {
            case "stalled", "stalled-1000" -> stalled(results);
            case "idle" -> idle(results);
            case "accept" -> accept(results);
            case "hosts" -> HostTables.full(results);
            default -> saturated(results);
        };
    }

    static String title(String scenario, Row row) {
        String streams = number(row.number("streams")) + " streams";
        return switch (scenario) {
            case "back-to-back" -> streams + ", " + number(row.number("posts")) + " events posted back to back";
            case "topics" ->
                streams + " of " + number(row.number("topics")) + " topics, 8 of which are posted to at a time";
            case "tls" -> streams + ", with TLS and without";
            case "minute" -> streams + ", to which the application itself emits 50 events a second, for a minute";
            case "idle" -> streams + " that are idle, but for a heartbeat each second";
            case "accept" -> streams + ", opened as fast as they are answered";
            case "hosts" -> streams + " on each web server: ours, and its own";
            case "stalled", "stalled-1000" -> "One of " + streams + " is not read any more";
            default -> streams + ", saturated";
        };
    }

    /**
     * A line for each contestant.
     *
     * @param cells what stands between the version and how many runs were clean; of the clean ones and those of the floor
     * @param names of these cells
     */
    private static String perContestant(
            Results results, BiFunction<List<Row>, List<Row>, List<String>> cells, String... names) {
        List<String> head = new ArrayList<>(List.of("contestant", "version"));
        head.addAll(List.of(names));
        head.add("clean runs");
        StringBuilder table = new StringBuilder(columns(2, head.toArray(String[]::new)));
        Map<String, List<Row>> all = results.grouped("run", row -> row.get("contestant"));
        List<Row> floors = all.getOrDefault("floor", List.of());
        ordered(all).forEach(name -> {
            List<Row> rows = all.getOrDefault(name, List.of());
            List<Row> clean = clean(rows);
            List<String> line = new ArrayList<>(List.of(Contestant.title(name), version(rows)));
            line.addAll(cells.apply(clean, floors));
            line.add(clean.size() + " of " + rows.size());
            table.append(line(line.toArray(String[]::new)));
        });
        return table.toString();
    }

    private static String saturated(Results results) {
        return perContestant(
                results,
                (clean, floors) -> List.of(
                        spread(clean, "cpu_us"),
                        median(clean, "user_us"),
                        median(clean, "system_us"),
                        ratio(clean, floors),
                        cell(clean, "deliveries_per_second", "%,.0f"),
                        median(clean, "p50_ms"),
                        median(clean, "p99_ms"),
                        median(clean, "p999_ms"),
                        cell(
                                having("heap_bytes_per_stream", clean),
                                row -> row.number("heap_bytes_per_stream") / 1024,
                                "%.1f"),
                        cell(clean, "client_reads_per_delivery", "%.3f"),
                        cell(clean, "segments_per_delivery", "%.3f"),
                        cell(clean, "allocated_bytes_per_delivery", "%.2f")),
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
                "segments per delivery",
                "allocated bytes per delivery");
    }

    private static String idle(Results results) {
        String table = perContestant(
                results,
                (clean, floors) -> List.of(
                        cell(clean, "heap_bytes_per_stream", "%,.0f"),
                        cell(clean, row -> row.number("resident_kib") * 1024 / 1e6, "%,.0f"),
                        cell(clean, "heartbeats", "%,.0f"),
                        cell(clean, "cpu_us", "%.1f"),
                        median(clean, "user_us"),
                        median(clean, "system_us"),
                        ratio(clean, floors)),
                "heap bytes per stream",
                "resident MB",
                "heartbeats",
                "CPU µs per heartbeat",
                "user",
                "system",
                "× floor");
        return table + """

                The floor sends the heartbeats of all streams at once; ours come when each stream has been silent for a second. Resident
                memory includes the heap, which is in memory from the start.
                """;
    }

    private static String accept(Results results) {
        String table = perContestant(
                results,
                (clean, floors) -> List.of(
                        cell(clean, "accepted_per_second", "%,.0f"),
                        spread(clean, "cpu_us"),
                        median(clean, "user_us"),
                        median(clean, "system_us"),
                        ratio(clean, floors)),
                "accepted/s",
                "CPU µs per accepted stream",
                "user",
                "system",
                "× floor");
        return table + """

                How many are accepted in a second is the client's figure as well, which runs on the same machine.
                """;
    }

    private static String stalled(Results results) {
        StringBuilder table = new StringBuilder(columns(
                4,
                "contestant",
                "round",
                "stalled",
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
                    boolean resumed = row.values().containsKey("stalled_events");
                    boolean complete = row.get("others_complete").equals("true");
                    table.append(line(
                            Contestant.title(row.get("contestant")),
                            row.get("round"),
                            row.get("stalled").equals("true") ? "one" : "none",
                            complete
                                    ? "yes"
                                    : "no: " + row.get("events") + " of " + row.get("events_asked") + " events",
                            cell(row, "seconds", "%.1f"),
                            cell(row, "p99_ms", "%.1f"),
                            cell(row, "heap_growth_mb", "%.1f"),
                            cell(row, "resident_growth_mb", "%.1f"),
                            resumed ? row.get("stalled_events") + " of " + number(row.number("events_asked") + 1) : "–",
                            resumed ? row.get("stalled_gaps") : "–",
                            !resumed ? "–" : row.get("stalled_ended").equals("true") ? "yes" : "no"));
                }));
        return table + """

                The next event is emitted when the others have the last; after ten seconds without any arrival it is given up. Heap is what
                lives after a full collection; the heap is in memory from the start, so the other growth lies outside of it. What
                the stalled client gets when it reads again was in the system's buffers, or in the server; then one more event is emitted, so
                that a gap before it shows. Ours are set to retain 16 MiB of events; a client whose stream has ended comes back with
                the id of its last event, and is told whether all since then is retained.
                """;
    }

    static List<String> ordered(Map<String, List<Row>> all) {
        return Contestant.names().stream().filter(all::containsKey).toList();
    }

    static List<Row> clean(List<Row> rows) {
        return rows.stream().filter(row -> !row.values().containsKey("void")).toList();
    }

    private static String version(List<Row> rows) {
        return rows.get(0).get("version");
    }

    private static String ratio(List<Row> rows, List<Row> floors) {
        return cell(having("cpu_us", rows), row -> ratio(row, floors), "%.2f");
    }

    private static double ratio(Row row, List<Row> floors) {
        OptionalDouble floor = clean(floors).stream()
                .filter(other -> other.get("round").equals(row.get("round"))
                        && other.values().containsKey("cpu_us"))
                .mapToDouble(other -> other.number("cpu_us"))
                .findFirst();
        return row.number("cpu_us") / floor.orElse(Double.NaN);
    }

    /** The median; not a number if there is none. */
    static double value(List<Row> rows, ToDoubleFunction<Row> of) {
        double[] values =
                rows.stream().mapToDouble(of).filter(Double::isFinite).sorted().toArray();
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

    /** Not every JDK and every contestant has all figures. */
    private static List<Row> having(String name, List<Row> rows) {
        return rows.stream().filter(row -> row.values().containsKey(name)).toList();
    }

    private static String cell(List<Row> rows, String name, String format) {
        return cell(having(name, rows), row -> row.number(name), format);
    }

    private static String median(List<Row> rows, String name) {
        return cell(rows, name, "%.1f");
    }

    private static String spread(List<Row> rows, String name) {
        double[] values =
                rows.stream().mapToDouble(row -> row.number(name)).sorted().toArray();
        return values.length == 0
                ? "–"
                : median(rows, name) + String.format(Locale.ROOT, " [%.1f–%.1f]", values[0], values[values.length - 1]);
    }
}
