package eventsource.server.fanout;

import eventsource.server.benchmarks.Results;
import eventsource.server.benchmarks.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the page of results, its plot, and the table of hosts in another file, out of raw results. Usage: {@code Page
 * RAW-DIRECTORY DOCS-DIRECTORY README}.
 */
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
            full collection. Allocated is what all threads of the process allocate while it is measured, the requests that bring the
            events included. Segments are what TCP sends with data in it, in both directions; writes cannot be more as long as none
            is split or joined by the system.
            """;

    private static final String CHANGED =
            "**A run with options: shorter, or with fewer streams, than what is published.**\n\n";

    private static final String HOSTS = "hosts";
    private static final String FROM = "<!-- hosts: made by benchmarks/fanout/run page -->\n";
    private static final String TO = "<!-- /hosts -->\n";

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
        Results hosts = results.get(HOSTS);
        if (hosts != null) {
            Path readme = Path.of(args[2]);
            Files.writeString(readme, readme(Files.readString(readme), hosts));
        }
    }

    static Map<String, Results> read(Path raw) throws IOException {
        Map<String, Results> results = new LinkedHashMap<>();
        for (Scenario scenario : Scenario.ALL) {
            Path file = raw.resolve(scenario.name() + ".txt");
            if (Files.exists(file)) {
                results.put(scenario.name(), Results.read(file));
            }
        }
        Path profile = raw.resolve(Profile.NAME + ".txt");
        if (Files.exists(profile)) {
            results.put(Profile.NAME, Results.read(profile));
        }
        return results;
    }

    /** A text with what was measured on each host between the two lines that it has for that. */
    static String readme(String text, Results hosts) {
        int from = text.indexOf(FROM) + FROM.length();
        int to = text.indexOf(TO);
        if (from < FROM.length() || to < from) {
            throw new IllegalArgumentException(
                    "there is no place for the table: a line " + FROM + "and after it " + TO);
        }
        String head = "`" + String.join("`, `", hosts.head()) + "`";
        return text.substring(0, from) + "\n"
                + HostTables.brief(hosts) + "\n"
                + (isChanged(hosts) ? CHANGED : "")
                + head + "; [all that was measured, and how](docs/benchmarks.md). Of what memory grows by with ours,\n"
                + "16 MiB are events that it is set to retain here.\n\n" + text.substring(to);
    }

    private static boolean isChanged(Results results) {
        return results.head().stream().anyMatch(line -> line.startsWith("command: ") && line.contains("--"));
    }

    static String page(Map<String, Results> results) {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        page.append("\n![CPU per delivery of each contestant, saturated](images/fanout.svg)\n");
        results.forEach((scenario, result) -> {
            if (scenario.equals(Profile.NAME)) {
                page.append(Profile.section(result));
                return;
            }
            List<Row> rows = result.of("run");
            if (!rows.isEmpty()) {
                page.append("\n## ").append(Tables.title(scenario, rows.get(0))).append("\n\n");
                if (isChanged(result)) {
                    page.append(CHANGED);
                }
                page.append("`").append(String.join("`, `", result.head())).append("`\n\n");
                page.append(Tables.of(scenario, result));
                page.append(voids(rows));
            }
        });
        return page.toString();
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
            for (String name : Tables.ordered(all)) {
                List<Row> clean = Tables.clean(all.getOrDefault(name, List.of()));
                if (scenario.startsWith("saturated") && !clean.isEmpty()) {
                    double system = Tables.value(clean, row -> row.number("system_us"));
                    double total = Tables.value(clean, row -> row.number("cpu_us"));
                    bars.add(new Plot.Bar(Contestant.title(name), system, Math.max(0, total - system)));
                }
            }
            if (!bars.isEmpty()) {
                panels.add(
                        new Plot.Panel(Tables.title(scenario, result.of("run").get(0)), bars));
            }
        });
        return Plot.of("CPU µs of the server per delivery", panels);
    }
}
