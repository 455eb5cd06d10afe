package eventsource.server.amqp;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits until something is so. */
final class Await {

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    private Await() {}

    static void until(Supplier<String> state, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + PATIENCE;
        while (!condition.call()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("waited in vain; now: " + state.get());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }
}
