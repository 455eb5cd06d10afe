package eventsource.server.testkit.log;

/** What can go wrong with one append of a {@link ScriptedNode}. */
public enum AppendFault {

    /** The engine says no: the emission is not in the log. */
    REFUSED,

    /** The engine stores the emission, and its answer is lost: the outcome is unknown. */
    ANSWER_LOST,

    /** The emission is lost on its way to the engine, but the node cannot tell: the outcome is unknown. */
    REQUEST_LOST,

    /**
     * The emission is still on its way when the node gives up waiting: the outcome is unknown, and the engine stores it on
     * {@link ScriptedNode#settle}. Until then, the node sends nothing later.
     */
    LATE
}
