package eventsource.server.fanout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All clients of a server, and who posts its events, in one thread with one selector. It posts, and reads until everybody has
 * what was posted; whatever else happens makes the run void.
 */
final class Clients implements AutoCloseable {

    private static final int AT_ONCE = 100;
    private static final long HEADS_NANOS = 50_000_000;
    private static final long LATE_NANOS = 500_000_000;
    private static final int MOST_TRIES = 40;
    /** After this time without any arrival, nothing is expected any more. */
    static final long STUCK_NANOS = 10_000_000_000L;

    private static final long QUIET_NANOS = 2_000_000_000L;
    private static final long TURN_MILLIS = 20;

    private final InetSocketAddress server;
    private final int size;
    private final Selector selector = Selector.open();
    private final Emitter emitter;
    private final List<Connection> connections = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 << 10);
    private Latencies latencies = new Latencies();
    private long emitted; // the number of the newest event
    private long emittedAt;
    private int behind; // how many clients have not got it yet, without those that are stalled
    private long progress; // changes whenever something has arrived
    private int stalled; // how many are
    private @Nullable Connection lenient; // has been stalled

    /**
     * Nobody yet.
     *
     * @param server where streams are
     * @param emit where events are posted to
     * @param size of an event's data, in bytes
     */
    Clients(InetSocketAddress server, InetSocketAddress emit, int size) throws IOException {
        this.server = server;
        this.size = size;
        emitter = new Emitter(emit, selector);
    }

    /** Opens more streams, and emits until each of them has an event. Those that are open lose nothing meanwhile. */
    void open(int count) throws IOException {
        for (int opened = 0; opened < count; opened++) {
            SocketChannel channel = SocketChannel.open(server);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.write(Connection.request());
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            Connection connection = new Connection(channel, key, new Sequence(size));
            key.attach(connection);
            connections.add(connection);
            if ((opened + 1) % AT_ONCE == 0 || opened + 1 == count) {
                awaitHeads(connections.size() - AT_ONCE);
            }
        }
        settle();
    }

    /** Some servers send the head of the response with the first event, so that nobody can wait for it. */
    private void awaitHeads(int from) throws IOException {
        long until = System.nanoTime() + HEADS_NANOS;
        for (int i = Math.max(0, from); i < connections.size(); i++) {
            while (!connections.get(i).isOpen() && System.nanoTime() < until) {
                turn(1);
            }
        }
    }

    private void settle() throws IOException {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            post(1);
            long until = System.nanoTime() + LATE_NANOS;
            while ((behind > 0 || !emitter.isAnswered()) && System.nanoTime() < until) {
                turn(TURN_MILLIS);
            }
            if (behind == 0 && emitter.isAnswered()) {
                return;
            }
            awaitAnswer();
        }
        throw new VoidRun(behind + " streams had no event after " + MOST_TRIES + " were emitted");
    }

    /** Emits some events at once. */
    private void post(int count) throws IOException {
        emitted += count;
        behind = connections.size() - stalled;
        emittedAt = System.nanoTime();
        emitter.post(emitted - count + 1, count, size);
    }

    private void awaitAnswer() throws IOException {
        long until = System.nanoTime() + STUCK_NANOS;
        while (!emitter.isAnswered()) {
            if (System.nanoTime() > until) {
                throw new VoidRun("a post was not answered");
            }
            turn(TURN_MILLIS);
        }
    }

    /**
     * Emits some events at once, and reads until all but the stalled have them.
     *
     * @return false if nothing has arrived for ten seconds before they had
     */
    boolean emit(int count) throws IOException {
        post(count);
        long seen = progress;
        long since = emittedAt;
        while (behind > 0 || !emitter.isAnswered()) {
            turn(TURN_MILLIS);
            if (seen != progress) {
                seen = progress;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > STUCK_NANOS) {
                return false;
            }
        }
        return true;
    }

    /** Reads whatever comes next. */
    private void turn(long millis) throws IOException {
        emitter.write();
        try {
            selector.select(this::ready, millis);
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.attachment() instanceof Connection connection) {
                ready(connection);
            } else {
                emitter.read();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void ready(Connection connection) throws IOException {
        Sequence events = connection.events();
        long before = events.count();
        boolean changed = connection.read(buffer);
        progress++;
        if (connection.isEnded() && connection != lenient) {
            throw new VoidRun("the server ended a stream");
        }
        if (changed) {
            latencies.add(System.nanoTime() - emittedAt, events.count() - before);
            if (events.last() == emitted) {
                behind--;
            }
        }
    }

    /** The first client stops reading. What becomes of it does not make the run void. */
    void stall() {
        lenient = connections.get(0);
        lenient.events().tolerateGaps();
        lenient.stall(true);
        stalled = 1;
    }

    /**
     * The first client reads again, until nothing has come for two seconds or its stream has ended; then another event is
     * emitted, so that it can be seen whether some are missing before it.
     *
     * @return what it has received since it stalled
     */
    Resumed resume() throws IOException {
        Connection connection = connections.get(0);
        long before = connection.events().count();
        connection.stall(false);
        stalled = 0;
        readUntilQuiet(connection);
        if (!connection.isEnded() && emitter.isAnswered()) {
            post(1);
            readUntilQuiet(connection);
        }
        return new Resumed(
                connection.events().count() - before, connection.events().gaps(), connection.isEnded());
    }

    private void readUntilQuiet(Connection connection) throws IOException {
        long reads = connection.reads();
        long quietSince = System.nanoTime();
        while (!connection.isEnded() && System.nanoTime() - quietSince < QUIET_NANOS) {
            turn(TURN_MILLIS);
            if (reads != connection.reads()) {
                reads = connection.reads();
                quietSince = System.nanoTime();
            }
        }
    }

    /**
     * What a client got that had stopped reading.
     *
     * @param events how many
     * @param gaps how often events were missing between two
     * @param ended whether the server had ended the stream
     */
    record Resumed(long events, long gaps, boolean ended) {}

    /** Latencies are measured anew from here. */
    void reset() {
        latencies = new Latencies();
    }

    Latencies latencies() {
        return latencies;
    }

    /** How many times anything was read, by all clients. */
    long reads() {
        return connections.stream().mapToLong(Connection::reads).sum();
    }

    @Override
    public void close() throws IOException {
        for (Connection connection : connections) {
            connection.close();
        }
        emitter.close();
        selector.close();
    }
}
