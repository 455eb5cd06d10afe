package eventsource.server;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.concurrent.CompletionStage;

/** What a stream is sent between its first bytes and the journal, and has to be asked for. Belongs to the stream's lane. */
interface Before {

    /**
     * Asks for more. What was given before has been sent.
     *
     * @return completes with whole events, perhaps none
     */
    CompletionStage<Iterator<ByteBuffer>> more();

    /** Whether the journal comes next. */
    boolean isOver();

    /** The number after which the stream then goes on in the journal. */
    long through();
}
