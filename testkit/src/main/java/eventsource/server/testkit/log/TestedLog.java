package eventsource.server.testkit.log;

import eventsource.server.Emission;
import eventsource.server.spi.EventLog;
import eventsource.server.spi.Position;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;

/**
 * One log under test: its storage, the ways to open it, and what can be done to it. {@link EventLogContract} makes one for
 * each test.
 *
 * <p>Only {@link #open} and {@link #close} are needed. The rest says what else the log can do, or has something go wrong.
 * What is not overridden is not tested: the tests that need it are reported as skipped, with the name of what is missing.
 */
public abstract class TestedLog implements AutoCloseable {

    /** For subclasses. */
    protected TestedLog() {}

    /**
     * Opens the log. The first call of each instance finds storage that has no entries.
     *
     * <p>A log that is shared is opened several times at once; one that is durable is opened again after it was closed.
     *
     * @return a node of its own, which the contract closes
     * @throws Exception if it cannot be opened
     */
    public abstract EventLog open() throws Exception;

    /**
     * Whether several nodes can have the log open at the same time.
     *
     * @return false, unless overridden
     */
    public boolean isShared() {
        return false;
    }

    /**
     * Whether what was stored is still there when the log was closed everywhere and is opened again.
     *
     * @return false, unless overridden
     */
    public boolean isDurable() {
        return false;
    }

    /**
     * Whether {@link EventLog#find} finds anything.
     *
     * @return false, unless overridden
     */
    public boolean finds() {
        return false;
    }

    /**
     * How long the log takes for anything at most, including to fail an append when the engine is down.
     *
     * @return 10 seconds, unless overridden
     */
    public Duration patience() {
        return Duration.ofSeconds(10);
    }

    /**
     * How many appends may be pending at once, so that the next is refused.
     *
     * @return the number
     */
    public int mostPending() {
        throw notOffered("mostPending");
    }

    /**
     * Removes the oldest entries from the storage, as the engine does when it trims.
     *
     * @param through the newest entry to remove
     */
    public void trim(Position through) {
        throw notOffered("trim");
    }

    /**
     * Makes the epoch another one, in any way that the engine knows: positions from before are unrelated to those after.
     * Waits until the nodes that are open have noticed.
     */
    public void changeEpoch() {
        throw notOffered("changeEpoch");
    }

    /** Has the engine use up some ordinals for nothing. */
    public void skipOrdinals() {
        throw notOffered("skipOrdinals");
    }

    /**
     * Writes things into the storage that no server can have written: no emissions at all, half ones, too large ones.
     *
     * @return how many were written
     */
    public int addForeign() {
        throw notOffered("addForeign");
    }

    /**
     * How many entries that could not be read a node has passed.
     *
     * @param node what {@link #open} has returned
     * @return the number
     */
    public long skipped(EventLog node) {
        throw notOffered("skipped");
    }

    /**
     * Begins to append an emission by somebody who takes his time, as an application with a transaction.
     *
     * @param emission what to append
     * @return makes the entry appear; never run, it never appears
     */
    public Runnable begin(Emission emission) {
        throw notOffered("begin");
    }

    /**
     * From now on, the engine delivers some of the entries that followers already had once more.
     *
     * @param node what {@link #open} has returned
     */
    public void redeliver(EventLog node) {
        throw notOffered("redeliver");
    }

    /**
     * Takes the engine away from a node, as when a connection is cut.
     *
     * @param node what {@link #open} has returned
     */
    public void disconnect(EventLog node) {
        throw notOffered("disconnect");
    }

    /**
     * Ends {@link #disconnect}.
     *
     * @param node what {@link #open} has returned
     */
    public void reconnect(EventLog node) {
        throw notOffered("reconnect");
    }

    /**
     * Has the engine leave a node's appends without an answer, but for less than the time after which the node gives up.
     *
     * @param node what {@link #open} has returned
     */
    public void holdAppends(EventLog node) {
        throw notOffered("holdAppends");
    }

    /**
     * Ends {@link #holdAppends}.
     *
     * @param node what {@link #open} has returned
     */
    public void releaseAppends(EventLog node) {
        throw notOffered("releaseAppends");
    }

    /**
     * Has the engine refuse a node's next append.
     *
     * @param node what {@link #open} has returned
     */
    public void refuseNextAppend(EventLog node) {
        throw notOffered("refuseNextAppend");
    }

    /**
     * Has a node not learn what became of its next append.
     *
     * @param node what {@link #open} has returned
     * @param stored whether the engine stores it
     */
    public void loseNextAnswer(EventLog node, boolean stored) {
        throw notOffered("loseNextAnswer");
    }

    /**
     * Has a node give up waiting for its next append, which still gets there later.
     *
     * @param node what {@link #open} has returned
     * @return has it get there
     */
    public Runnable delayNextAppend(EventLog node) {
        throw notOffered("delayNextAppend");
    }

    /**
     * Has a node's next read fail, or question for the range or an id.
     *
     * @param node what {@link #open} has returned
     */
    public void failNextRead(EventLog node) {
        throw notOffered("failNextRead");
    }

    /**
     * Does something in the middle of a node's next read, between any two questions that the node asks the engine.
     *
     * @param node what {@link #open} has returned
     * @param work calls {@link #trim}
     */
    public void duringNextRead(EventLog node, Runnable work) {
        throw notOffered("duringNextRead");
    }

    /** Ends the storage. */
    @Override
    public void close() {
        // Nothing, for a log whose storage ends with its nodes.
    }

    /** Skips the test: does not return. */
    private static AssertionError notOffered(String what) {
        return Assumptions.abort("the log under test does not offer TestedLog." + what);
    }
}
