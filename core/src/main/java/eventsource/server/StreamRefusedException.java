package eventsource.server;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A stream was not opened, through no fault of the request: the client may come back, but for {@link Reason#FINISHED}. Has no
 * stack trace.
 */
public final class StreamRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why a stream was not opened. */
    public enum Reason {

        /** The server has as many streams as {@link EventSourceServerBuilder#maxStreams} allows. */
        TOO_MANY_STREAMS,

        /** The server has streams of as many selectors as {@link EventSourceServerBuilder#maxSelectors} allows. */
        TOO_MANY_SELECTORS,

        /** The event log cannot be read now, and nothing else can tell what the client missed. */
        LOG_DOWN,

        /** The server was stopped, or is being stopped. */
        STOPPED,

        /**
         * The server has finished, and the client has all that is retained: it should not come back. In HTTP that is status
         * 204; {@link #body} can only make it wait for a day.
         */
        FINISHED
    }

    /** The reason. */
    private final Reason reason;

    /** When to come back, in milliseconds. */
    private final long retryMillis;

    /** What could be proved about the client's last event id. */
    private final Resume.@Nullable Outcome outcome;

    StreamRefusedException(Reason reason, String message, long retryMillis, Resume.@Nullable Outcome outcome) {
        super(message, null, false, false);
        this.reason = reason;
        this.retryMillis = retryMillis;
        this.outcome = outcome;
    }

    /**
     * What could be proved about the client's last event id. A client may be told that the server has finished though it
     * has missed events that are not retained any more.
     *
     * @return the outcome for {@link Reason#FINISHED}; otherwise null
     */
    public Resume.@Nullable Outcome outcome() {
        return outcome;
    }

    /**
     * Why the stream was not opened.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }

    /**
     * When the client should come back: chosen at random between the bounds that the server was built with; a day
     * for {@link Reason#FINISHED}.
     *
     * @return the time until then
     */
    public Duration retryAfter() {
        return Duration.ofMillis(retryMillis);
    }

    /**
     * A whole response body that makes a browser come back after {@link #retryAfter}. Any status but 200 would make its
     * {@code EventSource} give up for good.
     *
     * @return a buffer of its own
     */
    public ByteBuffer body() {
        return Frame.prelude(retryMillis);
    }
}
