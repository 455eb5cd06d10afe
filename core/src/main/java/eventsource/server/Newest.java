package eventsource.server;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a stream is given next that wants the newest of each key: up to 64 KiB, or one larger event, in the journal's order.
 *
 * @param lapped whether it has missed something that no newer event of its key makes up for
 * @param through the number up to which it then has everything that it wants
 * @param whole whether that is all there is
 */
record Newest(boolean lapped, List<Frame> frames, long through, boolean whole) {

    /**
     * Looks for it, under the journal's lock.
     *
     * @param after the number up to which the stream has what it wants
     * @param told up to here, in each feed, the stream wants nothing but the newest of each key: neither removals nor what
     *     has no key; null for nowhere
     */
    static Newest find(Feed[] feeds, long after, long @Nullable [] told, long head) {
        for (int i = 0; i < feeds.length; i++) {
            if (feeds[i].trimmedButKeys() > Run.known(after, told, i)) {
                return new Newest(true, List.of(), after, false);
            }
        }
        TreeMap<Long, Frame> found = new TreeMap<>();
        for (int i = 0; i < feeds.length; i++) {
            find(feeds[i], after, Run.known(after, told, i), found);
        }
        List<Frame> frames = new ArrayList<>();
        int length = 0;
        for (Frame frame : found.values()) {
            length += frame.length(Representation.PLAIN);
            if (length > Run.MAX_BYTES && !frames.isEmpty()) {
                return new Newest(false, frames, frames.get(frames.size() - 1).number, false);
            }
            frames.add(frame);
        }
        return new Newest(false, frames, Math.max(after, head), true);
    }

    /** Whether a stream has everything that it wants. */
    boolean isNothing() {
        return frames.isEmpty() && !lapped;
    }

    /** Finds more in each feed than is given altogether, so that what is given has no hole. */
    private static void find(Feed feed, long after, long told, Map<Long, Frame> found) {
        int length = 0;
        Iterator<Frame> current = feed.current(after).iterator();
        while (current.hasNext() && length <= Run.MAX_BYTES) {
            Frame frame = current.next();
            boolean state = frame.traits.key() != null && !frame.traits.removal();
            if (state || frame.number > told) {
                found.put(frame.number, frame);
                length += frame.length(Representation.PLAIN);
            }
        }
    }
}
