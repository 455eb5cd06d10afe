package eventsource.server;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whole events that a stream is sent before it goes on, in elements of up to 64 KiB or one larger event. Belongs to the
 * stream's lane.
 */
final class Ahead {

    private final Iterator<ByteBuffer> pieces;
    private @Nullable ByteBuffer next;

    Ahead(Iterator<ByteBuffer> pieces) {
        this.pieces = pieces;
        advance();
    }

    /** What was given, if it has anything. */
    @SuppressWarnings("unchecked") // nothing else is ever given
    static @Nullable Ahead of(Iterator<?> pieces) {
        return pieces.hasNext() ? new Ahead((Iterator<ByteBuffer>) pieces) : null;
    }

    boolean isOver() {
        return next == null;
    }

    /** The next element; there is one. */
    ByteBuffer next() {
        List<ByteBuffer> some = new ArrayList<>();
        int length = 0;
        while (next != null && (some.isEmpty() || length + next.remaining() <= Run.MAX_BYTES)) {
            some.add(next);
            length += next.remaining();
            advance();
        }
        ByteBuffer element = ByteBuffer.allocate(length);
        some.forEach(element::put);
        return element.flip().asReadOnlyBuffer();
    }

    private void advance() {
        next = pieces.hasNext() ? pieces.next() : null;
    }
}
