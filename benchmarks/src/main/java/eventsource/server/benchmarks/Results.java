package eventsource.server.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a file of {@link Raw} results says: how it was got, and its rows. */
public record Results(List<String> head, List<Row> rows) {

    public static Results read(Path file) throws IOException {
        List<String> head = new ArrayList<>();
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("# ")) {
                head.add(line.substring(2));
            } else if (line.contains("=")) {
                rows.add(Row.parse(line));
            }
        }
        return new Results(head, rows);
    }

    public List<Row> of(String kind) {
        return rows.stream().filter(row -> row.kind().equals(kind)).toList();
    }

    /** The rows of a kind by what they say about themselves, in the order in which they came. */
    public Map<String, List<Row>> grouped(String kind, Function<Row, String> by) {
        return of(kind).stream().collect(Collectors.groupingBy(by, LinkedHashMap::new, Collectors.toList()));
    }

    public static double[] sorted(List<Row> rows, String name) {
        return rows.stream().mapToDouble(row -> row.number(name)).sorted().toArray();
    }

    public static double median(List<Row> rows, String name) {
        double[] values = sorted(rows, name);
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    /** The median, and between which values the middle half lies. */
    public static String spread(List<Row> rows, String name) {
        double[] values = sorted(rows, name);
        int quarter = values.length / 4;
        return number(median(rows, name)) + " [" + number(values[quarter]) + "–"
                + number(values[values.length - 1 - quarter]) + "]";
    }

    /** A number with as many digits as mean something. */
    public static String number(double value) {
        return Math.abs(value) < 10
                ? String.format(Locale.ROOT, "%.1f", value)
                : String.format(Locale.ROOT, "%,d", Math.round(value));
    }

    public static String line(String... cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    /** The head of a table: its first columns are text, the others numbers. */
    public static String columns(int text, String... names) {
        String[] rule = new String[names.length];
        Arrays.fill(rule, "---:");
        Arrays.fill(rule, 0, text, "---");
        return line(names) + line(rule);
    }
}
