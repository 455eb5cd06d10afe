package eventsource.server;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The feeds of a journal by topic. A feed stays while it has frames or streams, and for a while after: as long as a client
 * may ask how far its topic was trimmed.
 *
 * <p>Confinement. All of it under the journal's lock.
 */
final class Feeds {

    /** The name of the feed of the server's own stream; no topic can have it. */
    private static final String OWN = "";

    /** How many feeds without frames and streams are kept. */
    static final int MAX_VACANT = 65_536;

    private final Map<String, Feed> byTopic = new HashMap<>(2);
    private final Set<Feed> vacant = new LinkedHashSet<>(2);
    private long forgotten; // no topic without a feed ever had a frame after this number

    Feed[] of(List<String> topics) {
        if (topics.size() <= 1) {
            return of(topics.isEmpty() ? OWN : topics.get(0)).alone;
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
            byTopic.put(topic, feed);
        } else if (!vacant.isEmpty()) {
            vacant.remove(feed);
        }
        return feed;
    }

    /**
     * Lets go of a feed that may have become vacant, once nobody can ask how far it was trimmed, or too many such are kept.
     * For the topics that are forgotten, the highest of their trims stands: that may tell a client of a gap where there was
     * none, and never the reverse.
     */
    void tidy(Feed feed) {
        if (feed.streams > 0 || !feed.isEmpty()) {
            return;
        }
        if (feed.trimmed() <= forgotten) {
            byTopic.remove(feed.topic, feed);
            return;
        }
        vacant.add(feed);
        if (vacant.size() > MAX_VACANT) {
            Iterator<Feed> eldestFirst = vacant.iterator();
            Feed eldest = eldestFirst.next();
            eldestFirst.remove();
            forgotten = Math.max(forgotten, eldest.trimmed());
            byTopic.remove(eldest.topic, eldest);
        }
    }

    int size() {
        return byTopic.size();
    }
}
