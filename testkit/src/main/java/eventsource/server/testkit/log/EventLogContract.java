package eventsource.server.testkit.log;

/**
 * What every event log has to pass. Inherit it, say how the log is opened and what can be done to it, and all of it runs:
 *
 * <pre>{@code
 * class MyLogTest extends EventLogContract {
 *     @Override
 *     protected TestedLog start() throws Exception {
 *         ...
 *     }
 * }
 * }</pre>
 *
 * <p>The tests have the numbers of the rules in their names; {@code docs/design/event-log.md} explains the rules. A test
 * that needs what the log does not offer is skipped, and says what that is. Whatever a test is about, its followers are held
 * against rule 7, and its pages against rule 9.
 *
 * <p>The tests wait for events with bounds, never for a fixed time.
 */
public abstract class EventLogContract extends LogEndContract {

    /** For subclasses. */
    protected EventLogContract() {}

    /**
     * Makes a log for one test, which closes it.
     *
     * @return the log, on storage of its own
     * @throws Exception if it cannot be made
     */
    @Override
    protected abstract TestedLog start() throws Exception;
}
