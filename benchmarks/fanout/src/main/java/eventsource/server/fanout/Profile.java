package eventsource.server.fanout;

import static eventsource.server.benchmarks.Results.columns;
import static eventsource.server.benchmarks.Results.line;

import eventsource.server.benchmarks.Raw;
import eventsource.server.benchmarks.Results;
import eventsource.server.benchmarks.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/**
 * Says where a server spends its processor time, from a recording of a run and the run's own figures. Usage: {@code Profile
 * RECORDING FIGURES RAW-DIRECTORY}.
 */
public final class Profile {

    static final String NAME = "profile";

    private static final int MOST_FRAMES = 12;

    private Profile() {}

    public static void main(String[] args) throws IOException {
        Row run = Results.read(Path.of(args[1])).of("run").get(0);
        if (run.values().containsKey("void")) {
            throw new IOException("the run was void: " + run);
        }
        Map<String, Integer> owners = new TreeMap<>();
        Map<String, Integer> frames = new TreeMap<>();
        int samples = count(Path.of(args[0]), owners, frames);
        if (samples == 0) {
            throw new IOException("the recording has no samples of processor time; they need JDK 25 on Linux");
        }
        try (Raw raw = new Raw(NAME, Path.of(args[2]))) {
            double kernel = 100 * run.number("system_us") / run.number("cpu_us");
            raw.line(Row.of("kernel", "percent", kernel, "cpu_us", run.get("cpu_us"), "samples", samples));
            write("owner", owners, samples, raw);
            write("frame", frames, samples, raw);
        }
    }

    private static void write(String kind, Map<String, Integer> counts, int samples, Raw raw) {
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(MOST_FRAMES)
                .forEach(entry ->
                        raw.line(Row.of(kind, "name", entry.getKey(), "percent", 100.0 * entry.getValue() / samples)));
    }

    private static int count(Path recording, Map<String, Integer> owners, Map<String, Integer> frames)
            throws IOException {
        int samples = 0;
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                RecordedEvent event = file.readEvent();
                RecordedStackTrace stack = event.getStackTrace();
                if (event.getEventType().getName().equals("jdk.CPUTimeSample")
                        && stack != null
                        && !stack.getFrames().isEmpty()) {
                    RecordedFrame top = stack.getFrames().get(0);
                    String type = top.getMethod().getType().getName();
                    boolean system = top.getType().equals("Native") && type.startsWith("io.netty.");
                    owners.merge(system ? "system calls" : owner(type), 1, Integer::sum);
                    String simple = type.substring(type.lastIndexOf('.') + 1);
                    frames.merge(simple + "." + top.getMethod().getName(), 1, Integer::sum);
                    samples++;
                }
            }
        }
        return samples;
    }

    /** Whose code a class is. */
    static String owner(String type) {
        return type.startsWith("eventsource.server.netty.")
                ? "ours, the server"
                : type.startsWith("eventsource.server.fanout.")
                        ? "the application"
                        : type.startsWith("eventsource.")
                                ? "ours, the core"
                                : type.startsWith("io.netty.") ? "Netty" : "the JDK";
    }

    /** The section of the page. */
    static String section(Results results) {
        Row kernel = results.of("kernel").get(0);
        StringBuilder text = new StringBuilder("\n## Where it goes\n\n`")
                .append(String.join("`, `", results.head()))
                .append("`\n\n")
                .append(String.format(
                        Locale.ROOT,
                        "Ours on Netty, 1,000 streams, saturated: %.0f %% of its processor time is the kernel's, as the kernel counts"
                                + " it. Of %s samples of threads that run Java, by whose code was on top of the stack; system"
                                + " calls are Netty's native methods, with the kernel under them:%n%n",
                        kernel.number("percent"),
                        kernel.get("samples")));
        for (String kind : List.of("owner", "frame")) {
            text.append(columns(1, kind.equals("owner") ? "whose" : "method", "% of samples"));
            for (Row row : results.of(kind)) {
                String name = row.get("name");
                text.append(line(kind.equals("owner") ? name.replace('_', ' ') : "`" + name + "`", row.get("percent")));
            }
            text.append('\n');
        }
        return text.toString().stripTrailing() + "\n";
    }
}
