package eventsource.server;

import java.util.Locale;

/**
 * How a stream goes on from what its client had before.
 *
 * @param outcome what could be proved
 * @param from an id that stands for the place where the stream starts: a client that came back with it would get the same
 *     events. It is one of the server's own, whatever id the event there has
 */
public record Resume(Outcome outcome, String from) {

    /** What could be proved about a client's last event id. */
    public enum Outcome {

        /** The client brought no last event id. */
        LIVE,

        /** The client gets every event after the one it had last. */
        RESUMED,

        /**
         * The client may have missed events: its last event id is unknown, of another life of the server, or too old.
         */
        GAP;

        /**
         * The value of the response header {@code EventSource-Resume}.
         *
         * @return the name in lower case
         */
        public String headerValue() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
