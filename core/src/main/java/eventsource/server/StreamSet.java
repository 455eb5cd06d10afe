package eventsource.server;

import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Streams of one lane, to be drained together. A stream that has ended says so and goes when the set is next walked, or
 * when half of the set has gone: so a stream need not know where it stands.
 *
 * <p>Belongs to the lane's turns, except that any thread may mark it and read its size.
 */
class StreamSet extends Mark {

    private static final JournalStream[] NO_STREAMS = {};

    private JournalStream[] streams = NO_STREAMS;
    private volatile int size;
    private int gone;
    private boolean walking;

    final int size() {
        return size;
    }

    final boolean isEmpty() {
        return gone == size;
    }

    final void add(JournalStream stream) {
        int at = size;
        if (at == streams.length) {
            streams = Arrays.copyOf(streams, Math.max(1, at * 2));
        }
        streams[at] = stream;
        size = at + 1;
    }

    /** One of the streams has ended. */
    final void left() {
        gone++;
        if (!walking && gone > size / 2) {
            each(stream -> {});
        }
    }

    @Override
    final void drain() {
        each(JournalStream::drain);
    }

    /** What one stream fails with must not cost the others, nor leave them without a mark. */
    private static void visit(JournalStream stream, Consumer<JournalStream> visitor) {
        try {
            visitor.accept(stream);
        } catch (Throwable failure) { // as when there is no memory
            Foreign.log(Level.ERROR, "a stream could not be drained, and ends", failure);
            stream.fail(failure);
        }
    }

    /** Calls something with each stream that has not ended, and lets go of those that have. */
    final void each(Consumer<JournalStream> visitor) {
        walking = true;
        int kept = 0;
        int before = size;
        for (int i = 0; i < before; i++) {
            JournalStream stream = streams[i];
            if (!stream.hasEnded()) {
                visit(stream, visitor);
            }
            if (!stream.hasEnded()) {
                streams[kept++] = stream;
            }
        }
        if (kept == 0) {
            streams = NO_STREAMS;
        } else if (kept < before) {
            Arrays.fill(streams, kept, before, null);
            if (kept < streams.length / 4) {
                streams = Arrays.copyOf(streams, streams.length / 2);
            }
        }
        if (kept < before) {
            size = kept;
        }
        gone = 0;
        walking = false;
    }
}
