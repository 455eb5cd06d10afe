package eventsource.server.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Makes a test class fail when a buffer was collected that had not been released: every buffer is watched. Holds for all tests of the
 * module, since JUnit finds it by itself.
 *
 * <p>After each class a buffer is leaked on purpose. When that was found, whatever was lost before it was found as well; and a
 * detector that finds nothing is noticed.
 */
public final class NoLeaks implements AfterAllCallback {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static int canaries;

    static {
        // Before any class of Netty looks.
        System.setProperty("io.netty.leakDetection.level", "paranoid");
        System.setProperty("io.netty.customResourceLeakDetector", LeakRecorder.class.getName());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        assertEquals(
                List.of(),
                leaks(),
                "buffers were not released; -DargLine=-Dio.netty.leakDetection.targetRecords=50 tells more");
    }

    /** What was leaked until now, after a collection. */
    static List<String> leaks() {
        String canary = "canary " + ++canaries;
        leak(canary);
        List<String> leaks = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (leaks.stream().noneMatch(leak -> leak.contains(canary))) {
            assertTrue(System.nanoTime() < deadline, "a leak on purpose was not found: leaks are not looked for");
            System.gc();
            LockSupport.parkNanos(10_000_000);
            ByteBufAllocator.DEFAULT.directBuffer(1).release(); // looks for leaks of others
            leaks.addAll(LeakRecorder.take());
        }
        leaks.removeIf(leak -> leak.contains(canary));
        return leaks;
    }

    private static void leak(String hint) {
        ByteBufAllocator.DEFAULT.directBuffer(1).touch(hint);
    }
}
