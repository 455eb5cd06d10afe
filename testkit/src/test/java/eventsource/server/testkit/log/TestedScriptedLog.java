package eventsource.server.testkit.log;

import eventsource.server.Emission;
import eventsource.server.Event;
import eventsource.server.spi.EventLog;
import eventsource.server.spi.Position;
import java.util.function.Consumer;

/** All that a scripted log offers. */
final class TestedScriptedLog extends TestedLog {

    private final ScriptedLog log;
    private final Consumer<ScriptedLog> epochChange;

    TestedScriptedLog(ScriptedLog log, Consumer<ScriptedLog> epochChange) {
        this.log = log;
        this.epochChange = epochChange;
    }

    private static ScriptedNode node(EventLog node) {
        return (ScriptedNode) node;
    }

    @Override
    public EventLog open() {
        return log.node();
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public boolean isDurable() {
        return true;
    }

    @Override
    public boolean finds() {
        return true;
    }

    @Override
    public int mostPending() {
        return ScriptedNode.MOST_PENDING;
    }

    @Override
    public void trim(Position through) {
        log.trim(through);
    }

    @Override
    public void changeEpoch() {
        epochChange.accept(log);
    }

    @Override
    public void skipOrdinals() {
        log.skip(1000);
    }

    @Override
    public int addForeign() {
        log.addForeign("no emission");
        log.addForeign(Emission.of(Event.of("x".repeat(ScriptedLog.MOST_CHARS + 1))));
        return 2;
    }

    @Override
    public long skipped(EventLog node) {
        return node(node).skipped();
    }

    @Override
    public Runnable begin(Emission emission) {
        return log.begin(emission);
    }

    @Override
    public void redeliver(EventLog node) {
        node(node).redeliver(3);
    }

    @Override
    public void disconnect(EventLog node) {
        node(node).disconnect(new IllegalStateException("cut"));
    }

    @Override
    public void reconnect(EventLog node) {
        node(node).reconnect();
    }

    @Override
    public void holdAppends(EventLog node) {
        node(node).hold();
    }

    @Override
    public void releaseAppends(EventLog node) {
        node(node).release();
    }

    @Override
    public void refuseNextAppend(EventLog node) {
        node(node).fail(AppendFault.REFUSED);
    }

    @Override
    public void loseNextAnswer(EventLog node, boolean stored) {
        node(node).fail(stored ? AppendFault.ANSWER_LOST : AppendFault.REQUEST_LOST);
    }

    @Override
    public Runnable delayNextAppend(EventLog node) {
        node(node).fail(AppendFault.LATE);
        return node(node)::settle;
    }

    @Override
    public void failNextRead(EventLog node) {
        node(node).failReads(1);
    }

    @Override
    public void duringNextRead(EventLog node, Runnable work) {
        node(node).duringNextRead(work);
    }
}
