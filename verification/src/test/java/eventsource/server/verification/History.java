package eventsource.server.verification;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Everything that a server was given, in its order: the data of an event is its number, from 1. */
final class History {

    /** The name that the server's own stream has here. */
    static final String OWN = "";

    private static final List<String> TOPICS = List.of("a0", "a1", "b0", "b1", "c0");

    private final List<Entry> entries = new ArrayList<>();

    /** An event that was emitted. */
    record Entry(int number, @Nullable String key, boolean removal, Set<String> topics, String user) {}

    /** The number of the newest event; 0 before the first. */
    int head() {
        return entries.size();
    }

    List<Entry> after(int number) {
        return entries.subList(number, head());
    }

    Entry at(int number) {
        return entries.get(number - 1);
    }

    static String someTopic(Random random) {
        return TOPICS.get(random.nextInt(TOPICS.size()));
    }

    /** Emits an event of a random kind to random topics. */
    void emit(EventSourceServer server, Random random) {
        int number = head() + 1;
        String[] topics = new String[random.nextInt(4) == 0 ? random.nextInt(3) : 1];
        for (int i = 0; i < topics.length; i++) {
            topics[i] = someTopic(random);
        }
        String key = random.nextBoolean() ? "k" + random.nextInt(6) : null;
        boolean removal = key != null && random.nextInt(6) == 0;
        String user = "u" + random.nextInt(3);
        Event event = Event.of(number + "").withLabel("user", user);
        event = key == null ? event : event.withKey(key);
        event = removal ? event.asRemoval() : event;
        event = random.nextInt(5) == 0 ? event.withId("id" + number) : event;
        entries.add(new Entry(number, key, removal, topics.length == 0 ? Set.of(OWN) : Set.of(distinct(topics)), user));
        server.emit(event, topics).toCompletableFuture().join();
    }

    private static String[] distinct(String[] topics) {
        return List.of(topics).stream().distinct().toArray(String[]::new);
    }

    /** The number of the newest event of each key, removals included, among the topics of one feed. */
    Map<String, Integer> newest(Feed feed) {
        Map<String, Integer> newest = new HashMap<>();
        for (Entry entry : entries) {
            if (entry.key != null && feed.has(entry)) {
                newest.put(entry.key, entry.number);
            }
        }
        return newest;
    }

    /** What the journal has a feed for: a topic or a selector. */
    interface Feed {
        boolean has(Entry entry);
    }
}
