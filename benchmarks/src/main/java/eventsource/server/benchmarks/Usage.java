package eventsource.server.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * What this process had used at a moment: time; processor time, its own and that of the calling thread; memory that living
 * threads ever allocated; time spent collecting garbage.
 */
record Usage(long wallNanos, long cpuNanos, long ownCpuNanos, long allocated, long gcMillis) {

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    static Usage now() {
        long allocated = Arrays.stream(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
        long gc = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
        return new Usage(
                System.nanoTime(), SYSTEM.getProcessCpuTime(), THREADS.getCurrentThreadCpuTime(), allocated, gc);
    }

    static long cpu() {
        return SYSTEM.getProcessCpuTime();
    }

    Usage since(Usage before) {
        return new Usage(
                wallNanos - before.wallNanos,
                cpuNanos - before.cpuNanos,
                ownCpuNanos - before.ownCpuNanos,
                allocated - before.allocated,
                gcMillis - before.gcMillis);
    }
}
