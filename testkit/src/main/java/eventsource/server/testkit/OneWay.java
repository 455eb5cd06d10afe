package eventsource.server.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a connection through a {@link FaultProxy}: what one side has sent and the other has not been given yet.
 * It does what the faults of the moment say, also to what is on its way already. For the proxy's thread only.
 */
final class OneWay {

    /** How a side has gone. */
    enum End {
        /** It sends no more. */
        FIN,
        /** It neither sends nor takes anything. */
        RESET
    }

    /**
     * What arrived, and when.
     *
     * @param share how much of the jitter it has, from 0 to 1
     */
    private record Piece(ByteBuffer bytes, long arrival, double share) {}

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** There is nothing to wait for but the sockets and the faults. */
    static final long NEVER = Long.MAX_VALUE;

    private final SocketChannel source;
    private final SocketChannel sink;
    private final int bound;
    private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
    private Faults faults;
    private int pending;
    private long silentUntil;
    private @Nullable End end;
    private Piece endPiece = new Piece(NOTHING, 0, 0);
    private boolean endPassed;
    private boolean sinkGone;
    private long lost;

    /**
     * A direction in which nothing has been sent yet.
     *
     * @param bound how many bytes may be on their way
     */
    OneWay(SocketChannel source, SocketChannel sink, int bound, Faults faults) {
        this.source = source;
        this.sink = sink;
        this.bound = bound;
        this.faults = faults;
    }

    /** Other faults from now on. */
    void suffer(Faults now) {
        faults = now;
        silentUntil = 0;
        if (faults.passage() == Faults.Passage.BLACK_HOLE) {
            drop();
        }
    }

    /** Whether it can take bytes from its source. */
    boolean takes() {
        return end == null && faults.takesBytes() && pending < bound;
    }

    /**
     * Takes what the source has sent.
     *
     * @param scratch for whatever it is needed
     * @param share how much of the jitter this has
     */
    void take(ByteBuffer scratch, long now, double share) {
        scratch.clear().limit(Math.min(scratch.capacity(), bound - pending));
        int count;
        try {
            count = source.read(scratch);
        } catch (IOException reset) {
            sourceGone(End.RESET, now, share);
            return;
        }
        if (count < 0) {
            sourceGone(End.FIN, now, share);
        } else if (!faults.passesBytes() || sinkGone) {
            lost += count;
        } else if (count > 0) {
            byte[] copy = new byte[count];
            scratch.flip().get(copy);
            pieces.add(new Piece(ByteBuffer.wrap(copy), now, share));
            pending += count;
        }
    }

    /** The source has gone; the sink is told after everything that was sent before. */
    void sourceGone(End how, long now, double share) {
        if (end != how && end != End.RESET) {
            end = how;
            endPiece = new Piece(NOTHING, now, share);
            endPassed = false;
        }
    }

    /** When it next has something to give to its sink, if that takes it. */
    long due() {
        Piece first = pieces.peek();
        if (first != null) {
            return faults.passesBytes() ? Math.max(silentUntil, due(first)) : NEVER;
        }
        return end != null && !endPassed && faults.passesEnds() ? due(endPiece) : NEVER;
    }

    private long due(Piece piece) {
        return piece.arrival + faults.delay(piece.share);
    }

    /** Whether bytes are what it has to give. The rest is the source's end, which needs no room to be written. */
    boolean hasBytes() {
        return !pieces.isEmpty();
    }

    /**
     * Gives some of the bytes that are due to the sink.
     *
     * @param most how many
     * @return how many it took
     * @throws IOException if the sink has gone
     */
    int give(long now, long most) throws IOException {
        Piece first = pieces.peek();
        if (first == null || due() > now) {
            return 0;
        }
        ByteBuffer bytes = first.bytes;
        int portion = (int) Math.min(most, faults.portion(bytes.remaining()));
        int written = sink.write(bytes.slice(bytes.position(), portion));
        bytes.position(bytes.position() + written);
        pending -= written;
        if (written > 0) {
            silentUntil = now + faults.silenceAfter(written);
        }
        if (!bytes.hasRemaining()) {
            pieces.remove();
        }
        return written;
    }

    /** Whatever is sent from now on, nobody is there to take it. */
    void sinkGone() {
        sinkGone = true;
        drop();
    }

    private void drop() {
        lost += pending;
        pieces.clear();
        pending = 0;
    }

    /** How many bytes it has thrown away since it was last asked. */
    long lost() {
        long count = lost;
        lost = 0;
        return count;
    }

    /** The end that the sink has to be told of now. */
    @Nullable
    End endToPass(long now) {
        return hasBytes() || due() > now ? null : end;
    }

    /**
     * Tells the sink that nothing more comes.
     *
     * @throws IOException if the sink has gone
     */
    void passFin() throws IOException {
        endPassed = true;
        sink.shutdownOutput();
    }

    /** Whether the source has sent its last, and the sink knows. */
    boolean over() {
        return end == End.FIN && endPassed;
    }
}
