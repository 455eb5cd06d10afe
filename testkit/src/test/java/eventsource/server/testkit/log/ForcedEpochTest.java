package eventsource.server.testkit.log;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;

/** The same on one thread for everything, with an epoch that an operator changes. */
class ForcedEpochTest extends EventLogContract {

    private static final ExecutorService THREAD = Executors.newSingleThreadExecutor();

    @Override
    protected TestedLog start() {
        return new TestedScriptedLog(new ScriptedLog(THREAD), ScriptedLog::forceEpoch);
    }

    @AfterAll
    static void endThread() {
        THREAD.shutdown();
    }
}
