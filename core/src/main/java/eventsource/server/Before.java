package eventsource.server;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.concurrent.CompletionStage;

/** What a stream is sent between its first bytes and the journal, and has to be asked for. Belongs to the stream's lane. */
interface Before {

    /**
     * Asks for more. The one before was sent.
     *
     * @return completes with whole events; with none if the journal comes next
     */
    CompletionStage<Iterator<ByteBuffer>> more();

    /** The number from which the stream then goes on in the journal. */
    long through();
}
