package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the server logs while this is open. */
public final class Logged extends Handler implements AutoCloseable {

    private static final Logger LOGGER = Logger.getLogger("eventsource.server"); // or it would be collected

    private final ConcurrentLinkedQueue<String> records = new ConcurrentLinkedQueue<>();

    /** Listens from now on. */
    public Logged() {
        LOGGER.addHandler(this);
    }

    @Override
    public void publish(LogRecord entry) {
        if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
            records.add(entry.getMessage() + ": " + entry.getThrown());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        LOGGER.removeHandler(this);
    }

    /** Fails if there was a warning or worse. */
    public void assertNothing() {
        assertEquals(List.of(), List.copyOf(records));
    }
}
