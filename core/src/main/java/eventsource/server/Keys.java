package eventsource.server;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The newest frame of each key of one topic. A newest frame is pinned when it is trimmed: it stays for streams that want
 * the newest per key. Confined to the journal's lock.
 */
final class Keys {

    /** The newest frame of each key, pinned or not. */
    final Map<String, Frame> newest = new HashMap<>();

    /** The pinned frames by number. */
    final TreeMap<Long, Frame> pinned = new TreeMap<>();

    /** The number of the newest frame that was trimmed and is not made up for by a newer one of its key. */
    long trimmed;

    Keys(long trimmed) {
        this.trimmed = trimmed;
    }

    /** Whether a frame is the newest of its key. */
    boolean isNewest(Frame frame) {
        return frame.traits.key() != null && newest.get(frame.traits.key()) == frame;
    }
}
