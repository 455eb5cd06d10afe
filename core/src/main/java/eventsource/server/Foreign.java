package eventsource.server;

import java.lang.System.Logger.Level;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one place where code that is not ours is called on our threads: whatever it throws stops here, and costs at most
 * the stream that it was called for.
 */
final class Foreign {

    private static final System.Logger LOG = System.getLogger("eventsource.server");

    private Foreign() {}

    /** Writes to the log. Loggers are foreign code, too. */
    static void log(Level level, String message, @Nullable Throwable failure) {
        try {
            LOG.log(level, message, failure);
        } catch (Throwable thrown) {
            // There is no place left to say so.
        }
    }

    /**
     * Calls foreign code.
     *
     * @param what names the code, for the log
     * @return what it threw, or null
     */
    static @Nullable Throwable call(String what, Runnable code) {
        try {
            code.run();
            return null;
        } catch (Throwable thrown) {
            log(Level.WARNING, what + " threw an exception, which it must not", thrown);
            return thrown;
        }
    }

    /** Asks foreign code; what throws has said no. */
    static boolean test(String what, BooleanSupplier code) {
        boolean[] answer = {false};
        call(what, () -> answer[0] = code.getAsBoolean());
        return answer[0];
    }
}
