package eventsource.server.netty;

import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Keeps what the leak detector of Netty finds, instead of logging it. Netty makes them itself, one for each kind of resource; see
 * {@link NoLeaks}. Any thread may report and ask.
 */
public final class LeakRecorder<T> extends ResourceLeakDetector<T> {

    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

    /** As Netty asks for; the number of samples is that of the level. */
    public LeakRecorder(Class<?> resources, int samplingInterval, long maxActive) {
        super(resources, samplingInterval);
    }

    /** The same. */
    public LeakRecorder(Class<?> resources, int samplingInterval) {
        super(resources, samplingInterval);
    }

    /** All that was found since the last call. */
    static List<String> take() {
        List<String> taken = List.copyOf(LEAKS);
        LEAKS.removeAll(taken);
        return taken;
    }

    @Override
    protected boolean needReport() {
        return true; // whatever the level of the log
    }

    @Override
    protected void reportTracedLeak(String resource, String records) {
        LEAKS.add(resource + records);
    }

    @Override
    protected void reportUntracedLeak(String resource) {
        LEAKS.add(resource + ", of which no use was recorded");
    }
}
