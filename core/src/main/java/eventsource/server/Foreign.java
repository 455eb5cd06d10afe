package eventsource.server;

import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
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

    /** Has foreign code begin something; what it throws, or leaves out, is what the stage fails with. */
    static <T> CompletionStage<T> stage(Supplier<? extends CompletionStage<T>> code) {
        try {
            return Objects.requireNonNull(code.get(), "the stage");
        } catch (Throwable thrown) {
            return CompletableFuture.failedStage(thrown);
        }
    }

    /** What a stage failed with in the first place. */
    static @Nullable Throwable cause(@Nullable Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** Asks foreign code; what throws has said no. */
    static boolean test(String what, BooleanSupplier code) {
        boolean[] answer = {false};
        call(what, () -> answer[0] = code.getAsBoolean());
        return answer[0];
    }
}
