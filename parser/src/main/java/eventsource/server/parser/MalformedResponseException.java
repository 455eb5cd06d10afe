package eventsource.server.parser;

/** A response that breaks HTTP/1.x: a bad head, bad chunk framing, bytes where none belong. */
public final class MalformedResponseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what is wrong with the response
     */
    public MalformedResponseException(String message) {
        super(message);
    }
}
