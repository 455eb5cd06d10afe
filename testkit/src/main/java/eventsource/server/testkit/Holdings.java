package eventsource.server.testkit;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * What this process holds at a time, and what must not grow with the connections that came and went.
 *
 * @param descriptors open files and sockets; -1 where the system does not tell
 * @param threads platform threads
 * @param heapBytes what is reachable; -1 where the JVM does not tell
 * @param instances how many objects there are of each class of ours
 */
record Holdings(long descriptors, int threads, long heapBytes, Map<String, Integer> instances) {

    private static final Pattern COLUMNS = Pattern.compile("\\s+");
    private static final String OURS = "eventsource.server.";
    private static final String TESTS = "eventsource.server.testkit.";
    private static final String CLIENTS = "eventsource.server.parser.";

    /** Looks, after everything unreachable has been collected. */
    static Holdings now() {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        String histogram = histogram(beans);
        return new Holdings(
                descriptors(beans),
                ManagementFactory.getThreadMXBean().getThreadCount(),
                heapBytes(histogram),
                instances(histogram));
    }

    private static long descriptors(MBeanServer beans) {
        try {
            return (Long) beans.getAttribute(
                    new ObjectName(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME), "OpenFileDescriptorCount");
        } catch (JMException untold) {
            return -1;
        }
    }

    /** A line for each class: number, instances, bytes, name. Asking for it collects what is unreachable. */
    private static String histogram(MBeanServer beans) {
        try {
            return (String) beans.invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
        } catch (JMException untold) {
            return "";
        }
    }

    private static long heapBytes(String histogram) {
        return histogram
                .lines()
                .filter(line -> line.startsWith("Total"))
                .mapToLong(line -> Long.parseLong(COLUMNS.split(line.trim(), -1)[2]))
                .findFirst()
                .orElse(-1);
    }

    private static Map<String, Integer> instances(String histogram) {
        Map<String, Integer> instances = new TreeMap<>();
        histogram.lines().map(line -> COLUMNS.split(line.trim(), -1)).forEach(columns -> {
            String name = columns.length < 4 ? "" : columns[3];
            if (name.startsWith(OURS) && !name.startsWith(TESTS) && !name.startsWith(CLIENTS)) {
                instances.merge(name, Integer.parseInt(columns[1]), Integer::sum);
            }
        });
        return instances;
    }
}
