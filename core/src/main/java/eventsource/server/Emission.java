package eventsource.server;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An event and the topics it goes to. No topic means the server's own stream. Immutable.
 */
public final class Emission {

    /** The most topics that one emission, or one stream, may name. */
    static final int MAX_TOPICS = 128;

    private final Event event;
    private final List<String> topics;

    private Emission(Event event, List<String> topics) {
        this.event = event;
        this.topics = topics;
    }

    /**
     * An event for some topics.
     *
     * @param event the event
     * @param topics up to 128 names; none for the server's own stream. A name has 1 to 256 bytes of UTF-8, no control
     *     characters and no space at either end; one that is given twice counts once
     * @return the emission
     * @throws IllegalArgumentException if a name is anything else, or there are too many
     */
    public static Emission of(Event event, String... topics) {
        return new Emission(Objects.requireNonNull(event, "event"), topics(topics));
    }

    /** Checks names of topics and drops repetitions. */
    static List<String> topics(String... names) {
        if (names.length == 0) {
            return List.of();
        }
        if (names.length == 1) {
            Text.requireName("topic", Objects.requireNonNull(names[0], "topic"));
            return List.of(names[0]);
        }
        Set<String> distinct = new LinkedHashSet<>();
        for (String name : names) {
            Text.requireName("topic", Objects.requireNonNull(name, "topic"));
            distinct.add(name);
        }
        if (distinct.size() > MAX_TOPICS) {
            throw new IllegalArgumentException(
                    distinct.size() + " topics; at most " + MAX_TOPICS + " are allowed, so use fewer");
        }
        return List.copyOf(distinct);
    }

    /**
     * The event.
     *
     * @return the event
     */
    public Event event() {
        return event;
    }

    /**
     * The topics.
     *
     * @return the topics, each once; empty for the server's own stream
     */
    public List<String> topics() {
        return topics;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Emission that && event.equals(that.event) && topics.equals(that.topics);
    }

    @Override
    public int hashCode() {
        return Objects.hash(event, topics);
    }

    /** For logs: without the event's data, which may be private. */
    @Override
    public String toString() {
        return "Emission[" + event + ", topics=" + topics + "]";
    }
}
