package eventsource.server.spi;

/** An emission was not appended to the log, and never will be: it may be appended again. */
public final class AppendRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * A refusal with a cause.
     *
     * @param message why, and what to change
     * @param cause what the engine said
     */
    public AppendRefusedException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * A refusal.
     *
     * @param message why, and what to change
     */
    public AppendRefusedException(String message) {
        super(message);
    }
}
