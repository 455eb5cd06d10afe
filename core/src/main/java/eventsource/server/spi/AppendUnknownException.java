package eventsource.server.spi;

/** Nobody can tell whether an emission was appended to the log: it may be there, or still get there. */
public final class AppendUnknownException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * An unknown outcome with a cause.
     *
     * @param message why, and what to change
     * @param cause what the engine said
     */
    public AppendUnknownException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * An unknown outcome.
     *
     * @param message why, and what to change
     */
    public AppendUnknownException(String message) {
        super(message);
    }
}
