package eventsource.server.vertx;

import eventsource.server.Representation;
import eventsource.server.spi.SharedRun;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What is written, in a form that Vert.x writes: of what many streams share, each event loop makes one copy for all of them. */
final class Copies {

    private record Copy(SharedRun run, long stamp, Buffer buffer) {}

    @SuppressWarnings("ThreadLocalUsage") // it goes with the handler, and holds on to none of its servers longer
    private final ThreadLocal<@Nullable Copy> last = new ThreadLocal<>();

    Buffer of(SharedRun run) {
        Copy copy = last.get();
        if (copy == null || copy.run != run || copy.stamp != run.stamp()) {
            copy = new Copy(run, run.stamp(), of(run.bytes(Representation.PLAIN)));
            last.set(copy);
        }
        return copy.buffer;
    }

    static Buffer of(ByteBuffer bytes) {
        return Buffer.buffer(bytes.remaining()).setBytes(0, bytes);
    }
}
