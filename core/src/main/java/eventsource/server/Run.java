package eventsource.server;

import eventsource.server.spi.SharedRun;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is pending for all streams that stand at the same place and want the same: whole events, up to 64 KiB together or
 * one larger one, in the order of the journal. It is found once per place, and given to every stream there.
 *
 * <p>Belongs to a lane, and is used in its turns only. It reads feeds while they are written; see {@link Feed} for why
 * that is sound.
 */
final class Run implements SharedRun {

    /** Many clients and proxies read in pieces of this size, and some clients cannot take a larger event. */
    static final int MAX_BYTES = 64 * 1024;

    private static final Feed[] NOWHERE = {};

    private final Representation representation;
    private final List<Frame> frames = new ArrayList<>();
    private long[] starts = new long[1];
    private long[] next = new long[1];

    private Feed[] feeds = NOWHERE;
    private long after;
    private long @Nullable [] told;
    private long head;
    private @Nullable Predicate<? super Map<String, String>> filter;

    private boolean lapped;
    private @Nullable Throwable broken;
    private boolean whole;
    private int plainLength;
    private int chunkedLength;
    private @Nullable ByteBuffer plain;
    private @Nullable ByteBuffer chunked;
    private long stamp;

    Run(Representation representation) {
        this.representation = representation;
    }

    /**
     * Finds what is pending.
     *
     * @param feeds the feeds of the stream
     * @param after the number up to which the stream has everything
     * @param told the numbers up to which it was told what it misses, one for each feed; null if that is {@code after}
     * @param head the number up to which to look
     * @param filter says of labels whether the stream wants the event
     */
    void find(
            Feed[] feeds,
            long after,
            long @Nullable [] told,
            long head,
            @Nullable Predicate<? super Map<String, String>> filter) {
        if (after == this.after
                && Arrays.equals(told, this.told)
                && head == this.head
                && filter == this.filter
                && Arrays.equals(feeds, this.feeds)) {
            return;
        }
        this.filter = filter;
        this.feeds = feeds;
        this.after = after;
        this.told = told;
        this.head = head;
        forgetBytes();
        if (starts.length < feeds.length) {
            starts = new long[feeds.length];
            next = new long[feeds.length];
        }
        do {
            collect();
            lapped = isLapped();
        } while (!lapped && isTorn());
    }

    /** Merges the feeds. A frame that is in several of them is one object, and taken once. */
    private void collect() {
        frames.clear();
        plainLength = 0;
        chunkedLength = 0;
        whole = true;
        broken = null;
        for (int i = 0; i < feeds.length; i++) {
            starts[i] = feeds[i].firstAfter(after);
            next[i] = starts[i];
        }
        for (Frame frame = first(); frame != null; frame = first()) {
            if (!frames.isEmpty() && length(representation) + frame.length(representation) > MAX_BYTES) {
                whole = false;
                return;
            }
            if (wants(frame)) {
                frames.add(frame);
                plainLength += frame.length(Representation.PLAIN);
                chunkedLength += frame.length(Representation.CHUNKED);
            }
            for (int i = 0; i < feeds.length; i++) {
                if (feeds[i].at(next[i]) == frame) {
                    next[i]++;
                }
            }
        }
    }

    private boolean wants(Frame frame) {
        try {
            return filter == null || filter.test(frame.traits.labels());
        } catch (Throwable thrown) { // of the application's: it costs the streams with this filter
            Foreign.log(Level.WARNING, "a filter threw an exception, which it must not", thrown);
            broken = thrown;
            return false;
        }
    }

    private @Nullable Frame first() {
        Frame first = null;
        for (int i = 0; i < feeds.length; i++) {
            Frame frame = feeds[i].at(next[i]);
            if (frame != null && frame.number <= head && (first == null || frame.number < first.number)) {
                first = frame;
            }
        }
        return first;
    }

    /** Up to where a stream has, or knows that it misses, what a feed had. */
    static long known(long after, long @Nullable [] told, int feed) {
        return told == null ? after : Math.max(after, told[feed]);
    }

    /** Whether frames were trimmed that a stream at this place neither had nor was told about. */
    private boolean isLapped() {
        for (int i = 0; i < feeds.length; i++) {
            if (feeds[i].trimmed() > known(after, told, i)) {
                return true;
            }
        }
        return false;
    }

    /** Whether slots were reused while they were read; what was collected proves nothing then. */
    private boolean isTorn() {
        for (int i = 0; i < feeds.length; i++) {
            if (feeds[i].tail() > starts[i]) {
                return true;
            }
        }
        return false;
    }

    /** Lets go of frames and bytes, so that an idle lane pins none. */
    void clear() {
        feeds = NOWHERE;
        after = -1;
        filter = null;
        frames.clear();
        forgetBytes();
    }

    private void forgetBytes() {
        stamp++;
        plain = null;
        chunked = null;
    }

    /** Whether the streams at this place have fallen off the tail. */
    boolean lapped() {
        return lapped;
    }

    /** What the filter failed with, so that nobody knows what is to be sent. */
    @Nullable
    Throwable broken() {
        return broken;
    }

    /** How many events there are. */
    int size() {
        return frames.size();
    }

    /** Whether a stream that takes this run has everything up to the head. */
    boolean whole() {
        return whole;
    }

    /** The number up to which a stream that takes this run has everything. */
    long through() {
        return whole ? Math.max(after, head) : frames.get(frames.size() - 1).number;
    }

    /** The bytes, for one stream: a buffer of its own over shared, read-only content. */
    ByteBuffer bytes() {
        return bytes(representation);
    }

    @Override
    public ByteBuffer bytes(Representation as) {
        ByteBuffer made = as == Representation.PLAIN ? plain : chunked;
        if (made == null) {
            made = join(frames, as);
            if (as == Representation.PLAIN) {
                plain = made;
            } else {
                chunked = made;
            }
        }
        return made.duplicate();
    }

    @Override
    public int length(Representation as) {
        return as == Representation.PLAIN ? plainLength : chunkedLength;
    }

    @Override
    public void copyTo(Representation as, ByteBuffer into) {
        for (int i = 0; i < frames.size(); i++) {
            frames.get(i).put(as, into);
        }
    }

    @Override
    public long stamp() {
        return stamp;
    }

    /** The bytes of some frames, without a copy if it is one; read-only. */
    static ByteBuffer join(List<Frame> frames, Representation representation) {
        if (frames.size() == 1) {
            return frames.get(0).view(representation);
        }
        int length = 0;
        for (Frame frame : frames) {
            length += frame.length(representation);
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        for (Frame frame : frames) {
            frame.put(representation, all);
        }
        return all.flip().asReadOnlyBuffer();
    }
}
