package eventsource.server.netty;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What this process holds, after collections.
 *
 * @param descriptors open files and sockets
 * @param heapBytes what is reachable
 * @param directBytes buffers outside of the heap
 * @param objects how many objects there are of each class of the server, and of each of Netty's that is there once per connection
 */
record Remains(long descriptors, long heapBytes, long directBytes, Map<String, Integer> objects) {

    private static final String CLOSE_WAIT = "08";

    /** The serial collector, which there is on one processor, clears small gaps only every so many times, and counts them. */
    private static final int COLLECTIONS = 4;

    static Remains now() {
        return Stream.generate(Remains::afterCollection)
                .limit(COLLECTIONS)
                .min(Comparator.comparingLong(Remains::heapBytes))
                .orElseThrow();
    }

    private static Remains afterCollection() {
        String histogram;
        try {
            histogram = (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
        } catch (JMException untold) {
            throw new AssertionError(untold);
        }
        Map<String, Integer> objects = new TreeMap<>();
        long[] heap = {0};
        histogram.lines().map(line -> line.trim().split("\\s+", -1)).forEach(columns -> {
            if (columns[0].equals("Total")) {
                heap[0] = Long.parseLong(columns[2]);
            } else if (columns.length > 3 && counts(columns[3])) {
                objects.merge(columns[3], Integer.parseInt(columns[1]), Integer::sum);
            }
        });
        var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new Remains(system.getOpenFileDescriptorCount(), heap[0], outsideOfTheHeap(), objects);
    }

    private static long outsideOfTheHeap() {
        long others = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return Math.max(0, PlatformDependent.usedDirectMemory()) + others;
    }

    private static boolean counts(String type) {
        return (type.startsWith("eventsource.server.") && !type.contains(".parser."))
                || type.endsWith(".SslHandler")
                || type.endsWith("SocketChannel")
                || type.endsWith(".ScheduledFutureTask");
    }

    /** How many connections of a port the other side has closed, and this one has not. */
    static long closeWaits(int port) throws IOException {
        String local = String.format(":%04X", port);
        long count = 0;
        for (String table : new String[] {"/proc/self/net/tcp", "/proc/self/net/tcp6"}) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] columns = line.trim().split("\\s+", -1);
                count += columns[1].endsWith(local) && columns[3].equals(CLOSE_WAIT) ? 1 : 0;
            }
        }
        return count;
    }
}
