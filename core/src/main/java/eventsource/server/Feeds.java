package eventsource.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The feeds of a journal, by topic and by selector. A topic's feed stays while it has frames or streams, and for a while
 * after: as long as a client may ask how far its topic was trimmed. A selector's stays while it has frames or streams, and
 * there is room.
 *
 * <p>Confinement. All of it under the journal's lock, but for {@link #selectors}, which anybody may read: the array is
 * replaced, never changed.
 */
final class Feeds {

    /** The name of the feed of the server's own stream; no topic can have it. */
    static final String OWN = "";

    /** How many feeds without frames and streams are kept. */
    static final int MAX_VACANT = 65_536;

    private static final Feed[] NONE = {};

    private final Feed own = new Feed(OWN, 0); // always there, so that a server without topics needs no map
    private Map<String, Feed> byTopic = Map.of();
    private Set<Feed> vacant = Set.of();
    private long forgotten; // no topic without a feed ever had a frame after this number
    private volatile Feed[] selectors = NONE;
    private int changes;
    private int version; // of the selectors; 0 as long as there are none

    // --- topics ---

    Feed[] of(List<String> topics) {
        if (topics.size() <= 1) {
            return topics.isEmpty() ? own.alone : of(topics.get(0)).alone;
        }
        Feed[] all = new Feed[topics.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = of(topics.get(i));
        }
        return all;
    }

    private Feed of(String topic) {
        Feed feed = byTopic.get(topic);
        if (feed == null) {
            feed = new Feed(topic, forgotten);
            byTopic = byTopic.isEmpty() ? new HashMap<>() : byTopic;
            byTopic.put(topic, feed);
        } else if (!vacant.isEmpty()) {
            vacant.remove(feed);
        }
        return feed;
    }

    /** How many topics have a feed. */
    int topics() {
        return byTopic.size();
    }

    /** Calls something with the feed of each topic, and that of the server's own stream. */
    void each(Consumer<Feed> visitor) {
        visitor.accept(own);
        byTopic.values().forEach(visitor);
    }

    /** Up to where something may have been trimmed of topics that are not known. */
    long forgotten() {
        return forgotten;
    }

    /** Everything up to a number counts as trimmed, of all topics there are and may be. */
    void cut(long number) {
        forgotten = Math.max(forgotten, number);
        each(feed -> feed.cut(number));
        for (Feed selector : selectors) {
            selector.cut(number);
        }
    }

    /**
     * Lets go of a feed that may have become vacant, once nobody can ask how far it was trimmed, or too many such are kept.
     * For the topics that are forgotten, the highest of their trims stands: that may tell a client of a gap where there was
     * none, and never the reverse.
     */
    void tidy(Feed feed) {
        Keys keys = feed.knownKeys();
        if (feed == own || feed.streams > 0 || !feed.isEmpty() || (keys != null && !keys.newest.isEmpty())) {
            return;
        }
        if (!feed.isTopic()) {
            select(Feed.without(selectors, feed));
            return;
        }
        if (feed.trimmed() <= forgotten) {
            byTopic.remove(feed.name, feed);
            return;
        }
        feed.route(null);
        vacant = vacant.isEmpty() ? new LinkedHashSet<>() : vacant;
        vacant.add(feed);
        if (vacant.size() > MAX_VACANT) {
            Iterator<Feed> eldestFirst = vacant.iterator();
            Feed eldest = eldestFirst.next();
            eldestFirst.remove();
            forgotten = Math.max(forgotten, eldest.trimmed());
            byTopic.remove(eldest.name, eldest);
        }
    }

    // --- selectors ---

    /** The feeds of the selectors. */
    Feed[] selectors() {
        return selectors;
    }

    /** The version of the selectors that routes are found for. */
    int version() {
        return version;
    }

    private void select(Feed[] now) {
        selectors = now;
        changes++;
        version = now.length == 0 ? 0 : changes;
    }

    void add(Feed selector) {
        select(Feed.with(selectors, selector));
    }

    /** The feed of a selector that nobody uses; it is not among the selectors any more. */
    @Nullable
    Feed removeUnused() {
        for (Feed selector : selectors) {
            if (selector.streams == 0) {
                select(Feed.without(selectors, selector));
                return selector;
            }
        }
        return null;
    }

    /** Which feeds of topics have no route yet among the selectors of now. */
    List<Feed> unrouted(Feed[] feeds) {
        List<Feed> unrouted = new ArrayList<>(0);
        for (Feed feed : feeds) {
            if (feed.route(version) == null) {
                unrouted.add(feed);
            }
        }
        return unrouted;
    }

    /** The feeds of topics and those of the selectors that match one of them, each once; null if a route is missing. */
    Feed @Nullable [] routed(Feed[] topics) {
        if (topics.length == 1 || version == 0) {
            return topics.length == 1 ? topics[0].route(version) : topics;
        }
        Set<Feed> all = new LinkedHashSet<>(List.of(topics));
        for (Feed topic : topics) {
            Feed[] route = topic.route(version);
            if (route == null) {
                return null;
            }
            all.addAll(List.of(route));
        }
        return all.toArray(Feed[]::new);
    }
}
