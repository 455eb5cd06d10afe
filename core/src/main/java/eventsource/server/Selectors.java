package eventsource.server;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The calls of foreign selectors: never under a lock. */
final class Selectors {

    /** Chooses everything, the server's own stream included. */
    static final Selector ALL = topic -> true;

    private Selectors() {}

    /** The feed of a selector that is equal to this one. */
    static @Nullable Feed find(Feed[] selectors, Selector wanted) {
        for (Feed feed : selectors) {
            if (Foreign.test("Selector.equals", () -> feed.name.equals(wanted))) {
                return feed;
            }
        }
        return null;
    }

    static boolean matches(Selector selector, Feed topic) {
        String name = (String) topic.name;
        return selector == ALL || (!name.equals(Feeds.OWN) && matches(selector, name));
    }

    static boolean matches(Selector selector, String topic) {
        return Foreign.test("Selector.matches", () -> selector.matches(topic));
    }

    /** Where an emission to a topic goes. */
    static Feed.Route route(Feed topic, Feed[] selectors, int version) {
        List<Feed> feeds = new ArrayList<>(List.of(topic));
        for (Feed feed : selectors) {
            if (matches((Selector) feed.name, topic)) {
                feeds.add(feed);
            }
        }
        return new Feed.Route(version, feeds.size() == 1 ? topic.alone : feeds.toArray(Feed[]::new));
    }
}
