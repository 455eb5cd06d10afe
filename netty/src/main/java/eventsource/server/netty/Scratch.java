package eventsource.server.netty;

import eventsource.server.Representation;
import eventsource.server.spi.SharedRun;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The run that an event loop writes just now, outside of the heap: copied once, and written to many channels. Belongs to
 * that loop.
 */
final class Scratch {

    /** What is larger is one event, is written in slices, and is not worth a copy that stays. */
    static final int MOST = 256 << 10;

    private static final int LEAST = 16 << 10;

    private final ByteBufAllocator allocator;
    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;
    private ByteBuffer view = bytes.nioBuffer();
    private @Nullable SharedRun run;
    private @Nullable Representation as;
    private long stamp;

    Scratch(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** The bytes of a run, from 0 to its length; not to be written to. */
    ByteBuf of(SharedRun wanted, Representation form) {
        if (run == wanted && stamp == wanted.stamp() && as == form) {
            return bytes;
        }
        run = null; // until it is copied, or else a failure would pass for a run
        int length = wanted.length(form);
        // A channel that has not written all of it keeps what it was given.
        if (bytes.capacity() < length || bytes.refCnt() > 1) {
            bytes.release();
            bytes = Unpooled.EMPTY_BUFFER;
            bytes = allocator.directBuffer(Math.max(LEAST, Integer.highestOneBit(length) * 2));
            view = bytes.nioBuffer(0, bytes.capacity()); // from 0, whatever else the allocator has around it
        }
        wanted.copyTo(form, view.clear());
        bytes.setIndex(0, length);
        run = wanted;
        as = form;
        stamp = wanted.stamp();
        return bytes;
    }

    /** Lets go of the memory, when the loop has ended. */
    void close() {
        bytes.release();
        bytes = Unpooled.EMPTY_BUFFER;
        run = null;
    }

    /** The same bytes, for whoever writes to sockets itself. */
    ByteBuffer view() {
        return view;
    }
}
