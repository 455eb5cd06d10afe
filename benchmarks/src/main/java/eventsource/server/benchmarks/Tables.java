package eventsource.server.benchmarks;

import static eventsource.server.benchmarks.Results.columns;
import static eventsource.server.benchmarks.Results.line;
import static eventsource.server.benchmarks.Results.median;
import static eventsource.server.benchmarks.Results.number;
import static eventsource.server.benchmarks.Results.sorted;
import static eventsource.server.benchmarks.Results.spread;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Makes the page of results out of the raw ones. Usage: {@code Tables RAW-DIRECTORY PAGE}. */
public final class Tables {

    private static final String INTRODUCTION = """
            # Results

            Made by `benchmarks/run tables` from the files in [raw](raw); not to be edited. The machine is shared with other
            work: read medians and ratios, and processor time rather than time. `[a–b]` is the middle half of the rounds.
            """;

    private Tables() {}

    public static void main(String[] args) throws IOException {
        Files.writeString(Path.of(args[1]), page(Path.of(args[0])));
    }

    static String page(Path raw) throws IOException {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        for (Section section : SECTIONS) {
            Path file = raw.resolve(section.file + ".txt");
            if (Files.exists(file)) {
                Results results = Results.read(file);
                page.append("\n## ").append(section.title).append("\n\n");
                page.append(section.text).append("\n\n");
                page.append("`").append(String.join("`, `", results.head())).append("`\n\n");
                page.append(section.table.of(results));
            }
        }
        return page.toString();
    }

    private interface Table {
        String of(Results results);
    }

    private record Section(String file, String title, String text, Table table) {}

    private static final List<Section> SECTIONS = List.of(
            new Section(
                    "heap",
                    "Memory of what is idle",
                    "Bytes each, all living objects included. Targets: 300 for an idle stream, 500 for an idle server.",
                    Tables::heap),
            new Section(
                    "topics",
                    "A million topics in 2 GiB",
                    "One process with `-Xmx2g -XX:MaxDirectMemorySize=64m`: ten events of 32 bytes for each of a million"
                            + " topics, 100,000 idle streams on topics of their own, a minute of events to random topics.",
                    Tables::topics),
            new Section(
                    "delivery",
                    "Delivery without sockets",
                    "From `emit` to `onNext`, for subscribers that only count. A delivery is an event for a client; an element"
                            + " is what `onNext` is called with. The emitter waits for each burst to arrive. The bare loop"
                            + " gives every client a buffer that it counts, and does nothing else; it runs before and after"
                            + " each round, so it saw the machine in the same state.",
                    Tables::delivery),
            new Section(
                    "jmh",
                    "Encode, append, drain",
                    "Nanoseconds for each call: the median of all iterations, the least and the most.",
                    Tables::jmh),
            new Section(
                    "shapes",
                    "The shape of the journal",
                    "The present one (rings) and two others; see the [journal's page](../../docs/design/journal.md). The least of"
                            + " all rounds of all forks, and in parentheses their median; ratios are those of the least, which"
                            + " other work on the machine disturbs least.",
                    Tables::shapes));

    private static String heap(Results results) {
        StringBuilder table = new StringBuilder(columns(1, "what", "count", "bytes each"));
        for (Row row : results.of("heap")) {
            table.append(line(row.get("what"), row.get("count"), number(row.number("bytes"))));
        }
        table.append('\n').append(columns(2, "what", "of these, by class"));
        results.grouped("heap-class", row -> row.get("what"))
                .forEach((what, rows) -> table.append(
                        line(what, rows.stream().map(Tables::ofClass).collect(Collectors.joining(", ")))));
        return table.toString();
    }

    private static String ofClass(Row row) {
        String name = row.get("class");
        String simple = name.substring(name.lastIndexOf('.') + 1).replace(";", "[]");
        return "`" + (simple.equals("[B") ? "byte[]" : simple) + "` " + number(row.number("bytes"));
    }

    private static String topics(Results results) {
        StringBuilder table = new StringBuilder(columns(
                1,
                "phase",
                "done",
                "each second",
                "CPU ns each",
                "seconds",
                "GC ms",
                "heap MiB after full GC",
                "direct KiB"));
        for (Row row : results.of("topics")) {
            table.append(line(
                    row.get("phase"),
                    row.get("done"),
                    row.get("per_second"),
                    number(row.number("cpu_ns_each")),
                    row.get("seconds"),
                    row.get("gc_ms"),
                    row.get("heap_mib_after_full_gc"),
                    row.get("direct_kib")));
        }
        return table.toString();
    }

    private static String delivery(Results results) {
        StringBuilder table = new StringBuilder(columns(
                2,
                "scenario",
                "executor",
                "CPU ns per delivery",
                "the least",
                "times the bare loop",
                "ns per delivery",
                "CPU ns of the emitter per event",
                "CPU ns of all others per element",
                "elements per delivery",
                "bytes allocated per delivery"));
        results.grouped("delivery", row -> row.get("scenario") + " " + row.get("threads"))
                .forEach((name, rows) -> table.append(line(
                        rows.get(0).get("scenario").replace('_', ' '),
                        rows.get(0).get("threads").equals("default") ? "default" : "1 thread",
                        spread(rows, "cpu_ns_per_delivery"),
                        number(sorted(rows, "cpu_ns_per_delivery")[0]),
                        number(median(rows, "cpu_ns_per_delivery") / median(rows, "bare_loop_cpu_ns")),
                        spread(rows, "wall_ns_per_delivery"),
                        number(median(rows, "emitter_cpu_ns_per_event")),
                        number(median(rows, "other_cpu_ns_per_element")),
                        String.format(Locale.ROOT, "%.2f", median(rows, "elements") / median(rows, "deliveries")),
                        number(median(rows, "bytes_per_delivery")))));
        return table.toString();
    }

    private static String jmh(Results results) {
        StringBuilder table =
                new StringBuilder(columns(2, "benchmark", "parameters", "ns", "least", "most", "bytes allocated"));
        for (Row row : results.of("jmh")) {
            table.append(line(
                    row.get("benchmark"),
                    row.get("parameters"),
                    number(row.number("ns_median")),
                    number(row.number("ns_least")),
                    number(row.number("ns_most")),
                    number(row.number("bytes_allocated"))));
        }
        return table.toString();
    }

    private static String shapes(Results results) {
        StringBuilder table = new StringBuilder(
                columns(2, "load", "metric", "rings", "linked", "index", "linked / rings", "index / rings"));
        results.grouped("shapes", row -> row.get("load") + " " + row.get("metric"))
                .forEach((name, rows) -> {
                    double rings = least("rings", rows);
                    table.append(line(
                            rows.get(0).get("load").replace('_', ' '),
                            rows.get(0).get("metric").replace('_', ' '),
                            both("rings", rows),
                            both("linked", rows),
                            both("index", rows),
                            String.format(Locale.ROOT, "%.2f", least("linked", rows) / rings),
                            String.format(Locale.ROOT, "%.2f", least("index", rows) / rings)));
                });
        return table.toString();
    }

    private static List<Row> of(String shape, List<Row> rows) {
        return rows.stream().filter(row -> row.get("shape").equals(shape)).toList();
    }

    private static double least(String shape, List<Row> rows) {
        return sorted(of(shape, rows), "value")[0];
    }

    private static String both(String shape, List<Row> rows) {
        return number(least(shape, rows)) + " (" + number(median(of(shape, rows), "value")) + ")";
    }
}
