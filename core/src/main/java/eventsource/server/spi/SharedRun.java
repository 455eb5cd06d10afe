package eventsource.server.spi;

import eventsource.server.Representation;
import java.nio.ByteBuffer;

/**
 * Whole events that all streams at the same place are given, one stream after the other: up to 64 KiB together, or one
 * larger event. It is valid during {@link RunSubscriber#onRun} only, and on that thread.
 */
public interface SharedRun {

    /**
     * The number of bytes.
     *
     * @param as the form
     * @return how many there are in this form
     */
    int length(Representation as);

    /**
     * Copies the bytes, as into a buffer that is then written to many sockets.
     *
     * @param as the form
     * @param into has room for {@link #length} bytes
     */
    void copyTo(Representation as, ByteBuffer into);

    /**
     * The bytes, for whoever has to keep them: shared by all streams at the same place, and made once.
     *
     * @param as the form
     * @return a buffer of its own over read-only content, valid for as long as it is needed
     */
    ByteBuffer bytes(Representation as);

    /**
     * Tells whether this is still what it was: the same object with the same stamp has the same events.
     *
     * @return another number whenever the events are others
     */
    long stamp();
}
