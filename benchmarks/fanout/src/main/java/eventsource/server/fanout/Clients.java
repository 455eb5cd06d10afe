package eventsource.server.fanout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** All clients of a server, and who posts its events, in one thread with one selector. What nobody expects makes a run void. */
final class Clients implements AutoCloseable {

    private static final int EMITTERS = 8;
    private static final int AT_ONCE = 100;
    private static final int MOST_UNANSWERED = 1_000;
    private static final long HEADS_NANOS = 50_000_000;
    private static final long LATE_NANOS = 500_000_000;
    private static final int MOST_TRIES = 40;
    /** After this time without any arrival, nothing is expected any more. */
    static final long STUCK_NANOS = 10_000_000_000L;

    private static final long QUIET_NANOS = 2_000_000_000L;
    private static final long TURN_MILLIS = 20;

    private final InetSocketAddress server;
    private final boolean tls;
    private final int size;
    private final OwnPorts ports = new OwnPorts();
    private final Selector selector = Selector.open();
    private final List<Topic> topics;
    private final List<Emitter> emitters = new ArrayList<>();
    private final List<Connection> connections = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 << 10);
    private Latencies latencies = new Latencies();
    private int answered; // how many of the connections have the head of their response
    private long progress; // changes whenever something has arrived
    private @Nullable Connection lenient; // has been stalled
    private boolean ending; // the server is, so its streams may

    /**
     * Nobody yet.
     *
     * @param server where streams are
     * @param tls whether they are over TLS; what is posted is not
     * @param emit where events are posted to
     * @param topicCount how many topics the streams are spread among
     * @param size of an event's data, in bytes
     */
    Clients(InetSocketAddress server, boolean tls, InetSocketAddress emit, int topicCount, int size)
            throws IOException {
        this.server = server;
        this.tls = tls;
        this.size = size;
        topics = Topic.some(topicCount);
        int count = Math.min(EMITTERS, topicCount);
        for (int i = 0; i < count; i++) {
            int place = i;
            List<Topic> own = topics.stream()
                    .filter(topic -> topic.place() % count == place)
                    .toList();
            emitters.add(new Emitter(emit, selector, own, size));
        }
    }

    private Emitter emitter(Topic topic) {
        return emitters.get(topic.place() % emitters.size());
    }

    /** Opens more streams, and emits until each of them has an event. Those that are open lose nothing meanwhile. */
    void open(int count) throws IOException {
        connect(count);
        for (Topic topic : topics) {
            if (topic.streams > 0) {
                settle(topic);
            }
        }
    }

    /** Opens more streams, and waits for the heads of the responses, if they come before any event. */
    void connect(int count) throws IOException {
        for (int opened = 0; opened < count; opened++) {
            connect();
            if ((opened + 1) % AT_ONCE == 0) {
                awaitHeads(connections.size() - 2 * AT_ONCE, connections.size() - AT_ONCE);
            }
        }
        awaitHeads(connections.size() - 2 * AT_ONCE, connections.size());
    }

    private void connect() throws IOException {
        Topic topic = topics.get(connections.size() % topics.size());
        connections.add(Connection.open(ports.connect(server), tls, selector, topic, new Sequence(size)));
        topic.streams++;
    }

    /** Opens more streams as fast as they are answered, with many requests on their way. */
    void rush(int count) throws IOException {
        int last = connections.size() + count;
        while (connections.size() < last) {
            for (int i = 0; i < AT_ONCE && connections.size() < last; i++) {
                connect();
            }
            do {
                turn(connections.size() - answered > MOST_UNANSWERED ? TURN_MILLIS : 0);
            } while (connections.size() - answered > MOST_UNANSWERED);
        }
        awaitAllHeads();
    }

    /** Some servers send the head of the response with the first event, so that nobody can wait for it. */
    private void awaitHeads(int from, int to) throws IOException {
        long until = System.nanoTime() + HEADS_NANOS;
        for (int i = Math.max(0, from); i < to; i++) {
            while (!connections.get(i).isOpen() && System.nanoTime() < until) {
                turn(1);
            }
        }
    }

    /** Waits until all streams have the head of their response. */
    void awaitAllHeads() throws IOException {
        long until = System.nanoTime() + STUCK_NANOS;
        while (answered < connections.size()) {
            if (System.nanoTime() > until) {
                throw new VoidRun("not all streams were answered");
            }
            turn(1);
        }
    }

    private void settle(Topic topic) throws IOException {
        Emitter emitter = emitter(topic);
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            emitter.post(topic, 1);
            long until = System.nanoTime() + LATE_NANOS;
            while (!emitter.isIdle() && System.nanoTime() < until) {
                turn(TURN_MILLIS);
            }
            if (emitter.isIdle()) {
                return;
            }
            awaitAnswer(emitter);
        }
        throw new VoidRun(emitter.behind() + " streams had no event after " + MOST_TRIES + " were emitted");
    }

    private void awaitAnswer(Emitter emitter) throws IOException {
        long until = System.nanoTime() + STUCK_NANOS;
        while (!emitter.isAnswered()) {
            if (System.nanoTime() > until) {
                throw new VoidRun("a post was not answered");
            }
            turn(TURN_MILLIS);
        }
    }

    /**
     * Emits some events to each topic that is posted to at the same time, and reads until all but the stalled have them.
     *
     * @return false if nothing has arrived for ten seconds before they had
     */
    boolean emit(int count) throws IOException {
        for (Emitter emitter : emitters) {
            emitter.post(count);
        }
        return awaitAll();
    }

    /**
     * Emits for a time, to each topic some events whenever its streams have what was emitted before.
     *
     * @param until when the last are emitted, as told by {@link System#nanoTime}
     * @param count how many at once
     * @return how often
     */
    long emitUntil(long until, int count) throws IOException {
        long posts = 0;
        while (System.nanoTime() < until) {
            long seen = progress;
            for (Emitter emitter : emitters) {
                if (emitter.isIdle()) {
                    emitter.post(count);
                    posts++;
                }
            }
            turn(TURN_MILLIS);
            if (seen == progress && !awaitAny()) {
                throw new VoidRun("nothing arrived for ten seconds");
            }
        }
        if (!awaitAll()) {
            throw new VoidRun("nothing arrived for ten seconds");
        }
        return posts;
    }

    private boolean awaitAny() throws IOException {
        long seen = progress;
        long since = System.nanoTime();
        while (seen == progress && !isIdle()) {
            if (System.nanoTime() - since > STUCK_NANOS) {
                return false;
            }
            turn(TURN_MILLIS);
        }
        return true;
    }

    private boolean awaitAll() throws IOException {
        while (!isIdle()) {
            if (!awaitAny()) {
                return false;
            }
        }
        return true;
    }

    private boolean isIdle() {
        return emitters.stream().allMatch(Emitter::isIdle);
    }

    /** Reads whatever comes, for a time, without emitting anything. */
    void readFor(double seconds) throws IOException {
        long until = System.nanoTime() + (long) (seconds * 1e9);
        while (System.nanoTime() < until) {
            turn(TURN_MILLIS);
        }
    }

    /** Reads whatever comes next, and waits for it unless the time is 0. */
    private void turn(long millis) throws IOException {
        for (Emitter emitter : emitters) {
            emitter.write();
        }
        try {
            if (millis > 0) {
                selector.select(this::ready, millis);
            } else {
                selector.selectNow(this::ready);
            }
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.attachment() instanceof Connection connection) {
                ready(connection);
            } else if (key.attachment() instanceof Emitter emitter) {
                if (ending) {
                    emitter.close();
                } else {
                    emitter.read();
                }
                progress++;
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void ready(Connection connection) throws IOException {
        Sequence events = connection.events();
        long before = events.count();
        boolean waited = !connection.isOpen();
        boolean changed = connection.read(buffer);
        answered += waited && connection.isOpen() ? 1 : 0;
        progress++;
        if (connection.isEnded() && connection != lenient && !ending) {
            throw new VoidRun("the server ended a stream");
        }
        if (changed) {
            Emitter emitter = emitter(connection.topic());
            latencies.add(System.nanoTime() - emitter.postedAt(), events.count() - before);
            if (events.last() == connection.topic().emitted) {
                emitter.arrived(connection.topic());
            }
        }
    }

    /** The first client stops reading. What becomes of it does not make the run void. */
    void stall() {
        lenient = connections.get(0);
        lenient.events().tolerateGaps();
        lenient.stall(true);
        lenient.topic().streams--;
    }

    /**
     * The first client reads again, until nothing has come for two seconds or its stream has ended; then another event is
     * emitted, so that it can be seen whether some are missing before it.
     *
     * @return what it has received since it stalled
     */
    Resumed resume() throws IOException {
        Connection connection = connections.get(0);
        Emitter emitter = emitter(connection.topic());
        long before = connection.events().count();
        connection.stall(false);
        readUntilQuiet(connection);
        if (!connection.isEnded() && emitter.isAnswered()) {
            connection.topic().streams++;
            emitter.post(connection.topic(), 1);
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
     * Reads what comes while the server ends, and closes streams that it has ended.
     *
     * @param exited completes when it has ended
     * @param nanos how long that is waited for
     * @return what has become of the streams
     */
    Ends awaitEnds(Future<?> exited, long nanos) throws IOException {
        ending = true;
        long until = System.nanoTime() + nanos;
        while (!exited.isDone() && System.nanoTime() < until) {
            turn(TURN_MILLIS);
        }
        until = System.nanoTime() + QUIET_NANOS; // what it wrote last is still to be read
        while (!connections.stream().allMatch(Connection::isEnded) && System.nanoTime() < until) {
            turn(TURN_MILLIS);
        }
        return new Ends(sum(each -> each.isWhole() ? 1 : 0), sum(each -> each.isEnded() ? 1 : 0));
    }

    /** Latencies are measured anew from here. */
    void reset() {
        latencies = new Latencies();
    }

    Latencies latencies() {
        return latencies;
    }

    /** How many times anything was read, by all clients. */
    long reads() {
        return sum(Connection::reads);
    }

    /** How many events have come. */
    long events() {
        return sum(each -> each.events().count());
    }

    /** How many chunks have come, whatever was in them. */
    long chunks() {
        return sum(Connection::chunks);
    }

    private long sum(ToLongFunction<Connection> each) {
        return connections.stream().mapToLong(each).sum();
    }

    /** Closes all streams. */
    void disconnect() throws IOException {
        for (Connection connection : connections) {
            connection.topic().streams--;
            connection.close();
        }
        connections.clear();
        answered = 0;
    }

    @Override
    public void close() throws IOException {
        disconnect();
        for (Emitter emitter : emitters) {
            emitter.close();
        }
        selector.close();
    }
}
