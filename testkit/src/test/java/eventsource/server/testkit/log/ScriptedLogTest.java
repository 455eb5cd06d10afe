package eventsource.server.testkit.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** The scripted log keeps all rules, and nothing of the contract is skipped for it. */
@ExtendWith(ScriptedLogTest.Skipped.class)
class ScriptedLogTest extends EventLogContract {

    private static final Queue<String> SKIPPED = new ConcurrentLinkedQueue<>();

    static final class Skipped implements TestWatcher {

        @Override
        public void testAborted(ExtensionContext test, Throwable why) {
            SKIPPED.add(test.getDisplayName());
        }
    }

    @AfterAll
    static void nothingIsSkipped() {
        assertEquals("[]", SKIPPED.toString());
    }

    @Override
    protected TestedLog start() {
        return new TestedScriptedLog(new ScriptedLog(), ScriptedLog::recreate);
    }
}
