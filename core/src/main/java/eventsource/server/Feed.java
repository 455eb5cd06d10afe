package eventsource.server;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The retained frames of one topic, or of all topics that a selector matches, oldest first, and the audiences that follow
 * it: a growable ring.
 *
 * <p>Confinement. One thread at a time writes, under the journal's lock. Any thread reads, without a lock. An addition
 * fills the slot before it moves {@link #head}; a removal sets {@link #trimmed}, then moves {@link #tail}, then clears the
 * slot. So a reader that loads slots first and {@code tail} afterwards knows whether what it loaded was overwritten
 * meanwhile. A ring that is replaced, larger or smaller, is filled before it is published, and published before the next
 * addition.
 */
final class Feed {

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Frame[].class);
    private static final @Nullable Frame[] NO_FRAMES = new Frame[0];
    private static final Audience[] NO_AUDIENCES = {};
    private static final int SMALLEST = 4;
    private static final int OVERHEAD = 256;

    /** The name of the topic, empty for the server's own stream; or the selector. */
    final Object name;

    /** This feed as the only one of an emission or of a stream: shared, since most have one. */
    final Feed[] alone = {this};

    /** How many streams ask for this topic; while there are any, the feed stays what the topic's name leads to. */
    int streams;

    private volatile @Nullable Frame[] ring = NO_FRAMES;
    private volatile long head;
    private volatile long tail;
    private volatile long trimmed;
    private volatile Audience[] audiences = NO_AUDIENCES;
    private @Nullable Keys keys;
    private @Nullable Route route;

    Feed(Object name, long trimmed) {
        this.name = name;
        this.trimmed = trimmed;
    }

    /** Where an emission to a topic goes: to these feeds, as long as the selectors are those of this version. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Route(int version, Feed[] feeds) {}

    static Feed[] with(Feed[] feeds, Feed more) {
        Feed[] all = Arrays.copyOf(feeds, feeds.length + 1);
        all[feeds.length] = more;
        return all;
    }

    static Feed[] without(Feed[] feeds, Feed less) {
        return Arrays.stream(feeds).filter(feed -> feed != less).toArray(Feed[]::new);
    }

    /** What the journal charges for a feed that has frames: this object, its ring, and its place in the map of topics. */
    int charge() {
        return OVERHEAD + (name instanceof String topic ? 2 * topic.length() : 0);
    }

    boolean isTopic() {
        return name instanceof String;
    }

    // --- under the journal's lock ---

    void add(Frame frame) {
        long at = head;
        if (at - tail == ring.length) {
            resize(Math.max(SMALLEST, ring.length * 2)); // an empty ring has no slots: most topics are seldom used
        }
        @Nullable Frame[] slots = ring;
        SLOT.setRelease(slots, slot(slots, at), frame);
        head = at + 1;
    }

    /** Forgets the oldest frame, which this is. */
    void removeOldest(Frame oldest) {
        @Nullable Frame[] slots = ring;
        long at = tail;
        trimmed = oldest.number; // above what it was: no ring has a frame from before its feed's trims
        tail = at + 1;
        SLOT.setRelease(slots, slot(slots, at), null);
        if (isEmpty()) {
            ring = NO_FRAMES;
        } else if (slots.length > SMALLEST && size() <= slots.length / 4) {
            resize(slots.length / 2);
        }
    }

    @Nullable
    Frame oldest() {
        return at(tail);
    }

    /** Everything before the next frame counts as trimmed. */
    void cut(long number) {
        trimmed = Math.max(trimmed, number);
        if (keys != null) {
            keys.trimmed = trimmed;
        }
    }

    /** The feeds of an emission to this topic; null if they have to be found first. */
    Feed @Nullable [] route(int version) {
        return version == 0 ? alone : route != null && route.version == version ? route.feeds : null;
    }

    void route(@Nullable Route found) {
        route = found;
    }

    /** The newest of each key, from now on. */
    Keys keys() {
        if (keys == null) {
            keys = new Keys(trimmed);
        }
        return keys;
    }

    /** The newest of each key; null as long as no event had one. */
    @Nullable
    Keys knownKeys() {
        return keys;
    }

    /** How far the feed was trimmed for those who want the newest of each key. */
    long trimmedButKeys() {
        return keys == null ? trimmed : keys.trimmed;
    }

    /** The retained frames, oldest first. */
    List<Frame> frames() {
        List<Frame> frames = new ArrayList<>();
        for (long i = tail; i < head; i++) {
            frames.add(Objects.requireNonNull(at(i)));
        }
        return frames;
    }

    /** What is newest of its key after a number, and what has no key; oldest first. */
    Stream<Frame> current(long number) {
        Keys known = keys;
        Stream<Frame> retained =
                LongStream.range(firstAfter(number), head).mapToObj(i -> Objects.requireNonNull(at(i)));
        return known == null
                ? retained
                : Stream.concat( // in order: what is pinned was trimmed, and what was trimmed is older than the rest
                        known.pinned.tailMap(number, false).values().stream(),
                        retained.filter(frame -> frame.traits.key() == null || known.isNewest(frame)));
    }

    void join(Audience audience) {
        Audience[] all = Arrays.copyOf(audiences, audiences.length + 1);
        all[all.length - 1] = audience;
        audiences = all;
    }

    void leave(Audience audience) {
        audiences = Arrays.stream(audiences).filter(other -> other != audience).toArray(Audience[]::new);
    }

    private void resize(int length) {
        @Nullable Frame[] from = ring;
        @Nullable Frame[] to = new Frame[length];
        for (long i = tail; i < head; i++) {
            to[slot(to, i)] = from[slot(from, i)];
        }
        ring = to;
    }

    // --- from any thread ---

    int size() {
        return (int) (head - tail);
    }

    boolean isEmpty() {
        return size() == 0;
    }

    /** The audiences to wake; read after the journal's head was moved, so that whoever joins later sees that head. */
    Audience[] audiences() {
        return audiences;
    }

    /** The sequence of the oldest frame that was not trimmed. */
    long tail() {
        return tail;
    }

    /** Whether there is, or was, a frame after a number. */
    boolean hasAfter(long number) {
        Frame newest = at(head - 1);
        // In this order: a frame that is trimmed in between shows in the second look.
        return (newest != null && newest.number > number) || trimmed > number;
    }

    /** The number of the newest frame that was trimmed: a cursor before it has missed something. */
    long trimmed() {
        return trimmed;
    }

    /** The frame with this sequence; null if there is none yet, or it was trimmed. */
    @Nullable
    Frame at(long sequence) {
        if (sequence >= head) {
            return null;
        }
        @Nullable Frame[] slots = ring;
        return slots.length == 0 ? null : (Frame) SLOT.getAcquire(slots, slot(slots, sequence));
    }

    /**
     * The sequence of the first frame after a number, or that of the next addition. Looks from the newest frame
     * backwards in growing steps, because most streams are close behind it.
     */
    long firstAfter(long number) {
        long high = head;
        long low = high;
        for (long step = 1; ; step *= 2) {
            low = Math.max(tail, high - step);
            if (low >= high) {
                return high;
            }
            if (!isNewer(low, number)) {
                break;
            }
            high = low;
        }
        while (high - low > 1) {
            long middle = (low + high) >>> 1;
            if (isNewer(middle, number)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high;
    }

    /** How many frames stand after a number: an estimate while frames come and go. */
    long countAfter(long number) {
        return Math.max(0, head - firstAfter(number));
    }

    private boolean isNewer(long sequence, long number) {
        Frame frame = at(sequence);
        return frame != null && frame.number > number;
    }

    private static int slot(@Nullable Frame[] slots, long sequence) {
        return (int) sequence & (slots.length - 1);
    }
}
