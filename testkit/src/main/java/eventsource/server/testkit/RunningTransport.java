package eventsource.server.testkit;

/** A transport that was started for a test, and serves on 127.0.0.1. */
public interface RunningTransport extends AutoCloseable {

    /**
     * Where it listens.
     *
     * @return the port
     */
    int port();

    /** Stops listening and lets go of everything, whether or not streams are still open. */
    @Override
    void close();
}
