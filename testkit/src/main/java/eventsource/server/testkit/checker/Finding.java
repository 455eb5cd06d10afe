package eventsource.server.testkit.checker;

import java.util.List;

/**
 * Something in a history that must not be there.
 *
 * @param kind what it is
 * @param client the name of the client that it was noticed at; empty where there is none
 * @param topics the topics of the events that it is about; empty for the server's own stream
 * @param text which events, what came before and after them, and who says otherwise
 */
public record Finding(Kind kind, String client, List<String> topics, String text) {

    /** What can be wrong. */
    public enum Kind {

        /** Events are missing in the middle of a stream, and no gap was told. */
        HOLE("promise 3, told"),

        /** A client came back, was told that it is resumed, and misses events all the same: a silent gap. */
        LOST_ON_RESUME("promise 2, resume"),

        /** A client that was given the time to receive everything lacks the newest events. */
        MISSING_AT_END("promise 3, told"),

        /** An event was received twice, by one client or under two ids. */
        DUPLICATE("promise 2, resume"),

        /** An emitter or a client had two events in one order, and a client in the other. */
        REORDER("promise 1, order"),

        /** One id stands for two events. */
        REUSED_ID("promise 2, resume"),

        /** An event was received under another id than its emitter was told. */
        WRONG_ID("promise 2, resume"),

        /** An emission was refused, and received all the same. */
        REFUSED_RECEIVED("promise 5, acknowledgement"),

        /** An event was received that nobody has emitted. */
        NEVER_EMITTED("promise 6, injection-proof"),

        /** A client received an event that its request does not ask for. */
        WRONG_TOPIC("the request: its topics"),

        /** What a client was told of its start does not go with what it asked for, or was told late. */
        NOT_TOLD("promise 3, told");

        private final String broken;

        Kind(String broken) {
            this.broken = broken;
        }

        /**
         * What is broken.
         *
         * @return the number and the name of one of the promises in {@code docs/design/promises.md}, or something else that
         *     a client relies on
         */
        public String broken() {
            return broken;
        }
    }

    /**
     * A finding.
     *
     * @param kind what it is
     * @param client the name of the client, or empty
     * @param topics the topics, or empty
     * @param text which events
     */
    public Finding {
        topics = List.copyOf(topics);
    }

    /** One line for a report. */
    @Override
    public String toString() {
        return kind + " (" + kind.broken() + ")"
                + (client.isEmpty() ? "" : ", client " + client)
                + (topics.isEmpty() ? "" : ", topic " + String.join(" and ", topics))
                + ": " + text;
    }
}
