package eventsource.server.amqp;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Writes to the log, and calls what is not ours. Loggers are foreign code, too: what they throw stops here. */
final class Log {

    private static final System.Logger LOG = System.getLogger("eventsource.server.amqp");

    private Log() {}

    static void write(Level level, String text, @Nullable Throwable failure) {
        try {
            LOG.log(level, text, failure);
        } catch (Throwable thrown) {
            // There is no place left to say so.
        }
    }

    /** Calls a listener. */
    static void call(Runnable listener) {
        try {
            listener.run();
        } catch (Throwable thrown) {
            write(Level.WARNING, "the listener of a source threw an exception, which it must not", thrown);
        }
    }
}
