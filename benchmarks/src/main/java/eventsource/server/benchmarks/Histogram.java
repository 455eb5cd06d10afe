package eventsource.server.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/** The living objects of this process by class, in bytes, as {@code jcmd GC.class_histogram} counts them. */
record Histogram(Map<String, Long> bytes, long total) {

    /** Collects all garbage, until no more is found. */
    static Histogram take() {
        Histogram last = once();
        for (int i = 0; i < 10; i++) {
            Histogram next = once();
            if (Math.abs(last.total - next.total) < 4096) {
                return next;
            }
            last = next;
        }
        return last;
    }

    private static Histogram once() {
        Map<String, Long> bytes = new HashMap<>();
        long total = 0;
        for (String line : histogram().split("\n", -1)) {
            String[] columns = line.trim().split("\\s+", -1);
            if (columns.length >= 4 && columns[0].endsWith(":")) {
                long size = Long.parseLong(columns[2]);
                bytes.merge(name(columns[3]), size, Long::sum);
                total += size;
            }
        }
        return new Histogram(bytes, total);
    }

    /** The names of lambdas differ in every JVM. */
    private static String name(String ofClass) {
        return ofClass.replaceAll("\\$\\$Lambda.*", "\\$\\$Lambda");
    }

    private static String histogram() {
        try {
            return (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
        } catch (JMException failure) {
            throw new IllegalStateException("this JVM gives no class histogram", failure);
        }
    }

    boolean has(String className) {
        return bytes.containsKey(className);
    }

    /** What has come since, the largest first; what is not worth a line is left out. */
    Stream<Map.Entry<String, Long>> since(Histogram before, long atLeast) {
        return bytes.entrySet().stream()
                .map(entry ->
                        Map.entry(entry.getKey(), entry.getValue() - before.bytes.getOrDefault(entry.getKey(), 0L)))
                .filter(entry -> entry.getValue() >= atLeast)
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed());
    }
}
