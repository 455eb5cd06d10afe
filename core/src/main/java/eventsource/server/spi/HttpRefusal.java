package eventsource.server.spi;

import java.util.Objects;

/**
 * Says that a request gets no stream, and the status to answer with. For the function that {@link
 * HttpManners.Builder#requests} takes. Has no stack trace.
 *
 * <p>Every status but 200 makes a browser's {@code EventSource} give up for good.
 */
public final class HttpRefusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The status. */
    private final int status;

    /**
     * A refusal.
     *
     * @param status the status code, 400 to 599
     * @param message the body of the response, as plain text
     */
    public HttpRefusal(int status, String message) {
        super(Objects.requireNonNull(message, "message"), null, false, false);
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status is " + status + "; a refusal has one from 400 to 599");
        }
        this.status = status;
    }

    /**
     * The status.
     *
     * @return the status code
     */
    public int status() {
        return status;
    }
}
