package eventsource.server;

/**
 * Chooses topics by their names, also topics that do not exist yet. Equal selectors share one feed, so give yours {@code
 * equals} and {@code hashCode}: a record is a good selector.
 *
 * <p>A selector always says the same of the same name, and does not block: it is asked about each topic now and then, by
 * emitters and by whoever opens a stream. One that throws is logged, and does not match.
 */
@FunctionalInterface
public interface Selector {

    /**
     * Whether a topic is chosen.
     *
     * @param topic the name of a topic
     * @return whether events of the topic belong to streams of this selector
     */
    boolean matches(String topic);

    /**
     * Chooses the topics whose names begin with something.
     *
     * @param prefix how the names begin
     * @return a selector that is equal to others of the same prefix
     */
    static Selector prefix(String prefix) {
        return new Prefix(prefix);
    }
}
