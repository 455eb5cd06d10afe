package eventsource.server.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where the time of deliveries goes: samples of the flight recorder, by thread and method. Usage: {@code Profile [SCENARIO]},
 * a number out of those of {@link Delivery}.
 */
public final class Profile {

    private static final int SHOWN = 25;

    private Profile() {}

    public static void main(String[] args) throws IOException {
        try (Raw raw = new Raw("profile")) {
            profile(args.length > 0 ? args[0] : "3", "6", "2", raw::line);
        }
    }

    static void profile(String scenario, String rounds, String seconds, Consumer<Object> lines) throws IOException {
        Path recording = Files.createTempFile("delivery", ".jfr");
        try {
            List<String> flags = List.of(
                    "-XX:+UnlockDiagnosticVMOptions",
                    "-XX:+DebugNonSafepoints",
                    "-Xlog:jfr*=off",
                    "-XX:StartFlightRecording=settings=profile,filename=" + recording);
            Fork.run(flags, Delivery.class, List.of(rounds, seconds, scenario), line -> {
                if (line.startsWith("delivery ")) {
                    lines.accept(line);
                }
            });
            print(recording, lines);
        } finally {
            Files.delete(recording);
        }
    }

    /** The samples of one kind of thread. */
    private static final class Samples {
        private final Map<String, Integer> top = new HashMap<>();
        private final Map<String, Integer> anywhere = new HashMap<>();
        private int count;

        void add(List<RecordedFrame> frames) {
            count++;
            top.merge(name(frames.get(0)), 1, Integer::sum);
            Set<String> names = new HashSet<>();
            frames.forEach(frame -> names.add(name(frame)));
            names.forEach(name -> anywhere.merge(name, 1, Integer::sum));
        }

        private static String name(RecordedFrame frame) {
            String type = frame.getMethod().getType().getName();
            return type.substring(type.lastIndexOf('.') + 1) + "."
                    + frame.getMethod().getName();
        }

        void print(String thread, String where, Map<String, Integer> samples, Consumer<Object> lines) {
            samples.entrySet().stream()
                    .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                    .limit(SHOWN)
                    .forEach(entry -> lines.accept(Row.of(
                            "profile",
                            "thread",
                            thread,
                            "where",
                            where,
                            "method",
                            entry.getKey(),
                            "percent",
                            100.0 * entry.getValue() / count)));
        }
    }

    private static void print(Path recording, Consumer<Object> lines) throws IOException {
        Map<String, Samples> threads = new HashMap<>();
        for (RecordedEvent event : RecordingFile.readAllEvents(recording)) {
            if (event.getEventType().getName().equals("jdk.ExecutionSample") && event.getStackTrace() != null) {
                String thread = event.getThread("sampledThread").getJavaName().replaceAll("[0-9]+", "N");
                threads.computeIfAbsent(thread, name -> new Samples())
                        .add(event.getStackTrace().getFrames());
            }
        }
        threads.forEach((thread, samples) -> {
            lines.accept(Row.of("samples", "thread", thread, "count", samples.count));
            if (samples.count > 100) {
                samples.print(thread, "at_the_top", samples.top, lines);
                samples.print(thread, "anywhere", samples.anywhere, lines);
            }
        });
    }
}
