package eventsource.server;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which frames a journal retains, and what they take: all in their order, in a list that runs through them, and those that
 * are pinned as the newest of their key. Confined to the journal's lock.
 */
final class Retention {

    private final Settings settings;
    private final Feeds feeds;
    private Map<String, CallersId> callersIds = Map.of();
    private @Nullable NavigableMap<Long, Frame> pinned;
    private @Nullable Frame oldest;
    private @Nullable Frame newest;
    private long bytes;
    private long pinnedBytes;
    private int events;

    Retention(Settings settings, Feeds feeds) {
        this.settings = settings;
        this.feeds = feeds;
    }

    /**
     * Where an id of the caller's leads to: the first event that has it, until that is trimmed; then nowhere, as long as a
     * later one is retained that a client could also mean.
     */
    private static final class CallersId {
        private @Nullable Frame first;
        private int retained;

        CallersId(Frame first) {
            this.first = first;
        }
    }

    @Nullable
    Frame oldest() {
        return oldest;
    }

    long bytes() {
        return bytes + pinnedBytes;
    }

    int events() {
        return events + (pinned == null ? 0 : pinned.size());
    }

    /** The number of the event that a caller's id leads to, -1 if to none, and null if the id is not known. */
    @Nullable
    Long find(String id) {
        CallersId known = callersIds.get(id);
        return known == null ? null : known.first == null ? -1 : known.first.number;
    }

    // --- additions ---

    void add(Frame frame) {
        link(frame);
        for (Feed feed : frame.feeds) {
            if (feed.isEmpty()) {
                bytes += feed.charge();
            }
            feed.add(frame);
        }
        for (Feed feed : frame.feeds) { // only now: what is trimmed for one must find the frame in all
            supersede(feed, frame);
            if (feed.isTopic()) {
                trimTopic(feed);
            }
        }
    }

    private void link(Frame frame) {
        frame.older = newest;
        if (newest == null) {
            oldest = frame;
        } else {
            newest.newer = frame;
        }
        newest = frame;
        bytes += frame.charge();
        events++;
        String id = frame.traits.id();
        if (id != null) {
            callersIds = callersIds.isEmpty() ? new HashMap<>() : callersIds;
            callersIds.computeIfAbsent(id, first -> new CallersId(frame)).retained++;
        }
    }

    /** The frame takes the place of the one before it that has its key. */
    private void supersede(Feed feed, Frame frame) {
        String key = frame.traits.key();
        if (key != null && settings.keys() > 0) {
            Keys keys = feed.keys();
            Frame before = keys.newest.put(key, frame);
            if (before != null && keys.pinned.remove(before.number) != null) {
                unpin(before);
            }
        }
    }

    // --- trims ---

    private void trimTopic(Feed feed) {
        if (settings.retainPerTopic() == 0 || feed.size() <= settings.retainPerTopic()) {
            return;
        }
        Frame frame = feed.oldest();
        if (frame != null) {
            removeOldest(feed, frame); // and the one just added stays, so the feed does not become empty
            if (!isSomewhere(frame)) {
                unlink(frame);
            }
        }
    }

    private static boolean isSomewhere(Frame frame) {
        for (Feed feed : frame.feeds) {
            Frame first = feed.oldest();
            if (first != null && first.number <= frame.number) {
                return true;
            }
        }
        return false;
    }

    /** Trims what is too old or too much. The newest frame goes only when it is too old, however large it is. */
    void trim(int now) {
        for (Frame frame = oldest; frame != null; frame = oldest) {
            boolean tooMuch = bytes > settings.retainBytes() && frame != newest;
            if (!tooMuch && !isExpired(frame, now)) {
                return;
            }
            drop(frame);
        }
    }

    private boolean isExpired(Frame frame, int now) {
        return settings.retainTicks() > 0 && now - frame.since >= settings.retainTicks();
    }

    /** Lets go of everything. */
    void forget() {
        while (oldest != null) {
            drop(oldest);
        }
        while (pinned != null && !pinned.isEmpty()) {
            evict(pinned);
        }
    }

    private void drop(Frame frame) {
        for (Feed feed : frame.feeds) {
            if (feed.oldest() == frame) {
                removeOldest(feed, frame);
                bytes -= feed.isEmpty() ? feed.charge() : 0;
                feeds.tidy(feed);
            }
        }
        unlink(frame);
    }

    private void removeOldest(Feed feed, Frame frame) {
        feed.removeOldest(frame);
        Keys keys = feed.knownKeys();
        if (keys == null) {
            return;
        }
        if (!keys.isNewest(frame)) {
            keys.trimmed = frame.traits.key() == null ? Math.max(keys.trimmed, frame.number) : keys.trimmed;
        } else if (frame.traits.removal()) {
            keys.newest.remove(frame.traits.key());
            keys.trimmed = Math.max(keys.trimmed, frame.number);
        } else {
            keys.pinned.put(frame.number, frame);
        }
    }

    private boolean isLinked(Frame frame) {
        return frame == oldest || frame.older != null;
    }

    private void unlink(Frame frame) {
        if (frame.older == null) {
            oldest = frame.newer;
        } else {
            frame.older.newer = frame.newer;
        }
        if (frame.newer == null) {
            newest = frame.older;
        } else {
            frame.newer.older = frame.older;
        }
        // A reader may still hold the frame; it must not hold all that came after.
        frame.older = null;
        frame.newer = null;
        bytes -= frame.charge();
        events--;
        String id = frame.traits.id();
        CallersId known = id == null ? null : callersIds.get(id);
        if (known != null) {
            known.first = known.first == frame ? null : known.first;
            if (--known.retained == 0) {
                callersIds.remove(id);
            }
        }
        if (isPinned(frame)) {
            pin(frame);
        }
    }

    // --- pins ---

    /** Keeps a frame that nothing but its key retains any more. */
    private void pin(Frame frame) {
        pinned = pinned == null ? new TreeMap<>() : pinned;
        pinned.put(frame.number, frame);
        pinnedBytes += frame.weight();
        while (pinned.size() > settings.keys() || pinnedBytes > settings.retainBytes()) {
            evict(pinned);
        }
    }

    private static boolean isPinned(Frame frame) {
        for (Feed feed : frame.feeds) {
            Keys keys = feed.knownKeys();
            if (keys != null && keys.pinned.containsKey(frame.number)) {
                return true;
            }
        }
        return false;
    }

    /** One feed less needs the frame for its key. */
    private void unpin(Frame frame) {
        if (pinned != null && !isPinned(frame) && pinned.remove(frame.number) != null) {
            pinnedBytes -= frame.weight();
        }
    }

    /** Lets go of the oldest pinned frame. */
    private void evict(NavigableMap<Long, Frame> pinned) {
        Frame frame = pinned.firstEntry().getValue();
        for (Feed feed : frame.feeds) {
            Keys keys = feed.knownKeys();
            if (keys != null && keys.pinned.remove(frame.number) != null) {
                keys.newest.remove(frame.traits.key());
                keys.trimmed = Math.max(keys.trimmed, frame.number);
                feeds.tidy(feed);
            }
        }
        unpin(frame);
    }

    // --- selectors ---

    /** Gives the feed of a new selector what is there already of its topics. */
    void fill(Feed selector, Iterable<Feed> topics) {
        TreeMap<Long, Frame> all = new TreeMap<>();
        TreeMap<Long, Frame> onlyPinned = new TreeMap<>();
        long trimmed = feeds.forgotten();
        for (Feed topic : topics) {
            Keys keys = topic.knownKeys();
            topic.frames().forEach(frame -> all.put(frame.number, frame));
            if (keys != null) {
                onlyPinned.putAll(keys.pinned);
            }
            trimmed = Math.max(trimmed, topic.trimmedButKeys());
        }
        onlyPinned.keySet().removeAll(all.keySet());
        // What is older than the selector's trims would stand before a gap: only states go on to be of use.
        for (Frame frame : List.copyOf(all.headMap(selector.trimmed(), true).values())) {
            all.remove(frame.number);
            if (frame.traits.key() != null && !frame.traits.removal()) {
                onlyPinned.put(frame.number, frame);
            } else {
                trimmed = Math.max(trimmed, frame.number);
            }
        }
        all.putAll(onlyPinned);
        selector.keys().trimmed = trimmed;
        for (Frame frame : all.values()) {
            frame.feeds = Feed.with(frame.feeds, selector);
            bytes += isLinked(frame) ? Frame.SLOT : 0;
            if (onlyPinned.containsKey(frame.number)) {
                selector.keys().pinned.put(frame.number, frame);
            } else {
                bytes += selector.isEmpty() ? selector.charge() : 0;
                selector.add(frame);
            }
            supersede(selector, frame);
        }
    }

    /** Takes the feed of a selector out of all its frames. */
    void empty(Feed selector) {
        for (Frame frame = selector.oldest(); frame != null; frame = selector.oldest()) {
            selector.removeOldest(frame);
            bytes -= Frame.SLOT + (selector.isEmpty() ? selector.charge() : 0);
            frame.feeds = Feed.without(frame.feeds, selector);
            if (!isSomewhere(frame)) {
                unlink(frame);
            }
        }
        for (Frame frame : selector.keys().pinned.values()) {
            frame.feeds = Feed.without(frame.feeds, selector);
            bytes -= isLinked(frame) ? Frame.SLOT : 0;
            unpin(frame);
        }
    }
}
