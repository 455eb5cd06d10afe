package eventsource.server.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * A TCP proxy on 127.0.0.1 that does to connections what networks do to them:
 *
 * <pre>{@code
 * try (FaultProxy proxy = FaultProxy.to(http.getAddress().getPort())) {
 *     var client = TestClient.get(proxy.port(), "/events").open();
 *     proxy.hold(FaultProxy.Direction.TO_CLIENT);
 * }
 * }</pre>
 *
 * <p>A new proxy passes everything on as it is: bytes at once and in order; the end of one side's sending as the end of that
 * sending alone, so that the other side can still answer; a reset as a reset. When a client takes nothing, the proxy soon
 * takes nothing from the server, and the other way round.
 *
 * <p>Faults are set and taken back at any time. They hold for all connections, those to come included, in the directions that
 * are named, or in both where none is. Zero takes a fault with a number back, {@link #pass} and {@link #accept} take back
 * those that have none, and {@link #heal} takes back everything. When a method returns, what it says is in force: also
 * for bytes that are on their way in the proxy, and for connections on which nothing happens.
 *
 * <p>It has one thread, however many connections there are; {@link #close} waits for its end. Any thread may call any method.
 * After {@code close} the counts can still be asked for; everything else throws {@link IllegalStateException}.
 */
public final class FaultProxy implements AutoCloseable {

    /** A direction of a connection. */
    public enum Direction {
        /** What clients send. */
        TO_SERVER,
        /** What the server sends. */
        TO_CLIENT
    }

    private final FaultLoop loop;
    private final Thread thread;

    private FaultProxy(FaultLoop loop) {
        this.loop = loop;
        this.thread = new Thread(loop, "fault-proxy-" + loop.port());
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Starts a proxy to a port of 127.0.0.1, on a port of its own.
     *
     * @param port where the server listens
     * @return the proxy, to be closed by the caller
     * @throws UncheckedIOException if it cannot listen
     */
    public static FaultProxy to(int port) {
        return builder(new InetSocketAddress(loopback(), port)).start();
    }

    /**
     * Begins a proxy with options.
     *
     * @param server where connections go to
     * @return the builder
     * @throws IllegalArgumentException if the address was not resolved
     */
    public static Builder builder(InetSocketAddress server) {
        if (server.isUnresolved()) {
            throw new IllegalArgumentException("the address of the server has to be resolved: " + server);
        }
        return new Builder(server);
    }

    private static InetAddress loopback() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** What a proxy can be given before it starts. Not safe for several threads at once. */
    public static final class Builder {

        private final InetSocketAddress server;
        private int port;
        private int buffer;
        private long seed;

        private Builder(InetSocketAddress server) {
            this.server = server;
        }

        /**
         * Where to listen.
         *
         * @param newPort a port of 127.0.0.1; by default 0, which is any that is free
         * @return this builder
         */
        public Builder listen(int newPort) {
            if (newPort < 0 || newPort > 65535) {
                throw new IllegalArgumentException("a port is between 0 and 65535: " + newPort);
            }
            port = newPort;
            return this;
        }

        /**
         * How much is on its way at most. A small buffer makes the server notice soon that a client takes nothing. A fault
         * with latency is no faster than a buffer for each latency.
         *
         * @param bytes the size of the receive and send buffers (SO_RCVBUF, SO_SNDBUF) of all four ends, which the system may
         *     round, and of the proxy's own buffer for each direction of a connection; by default 0, which leaves the
         *     former to the system and makes the latter 256 KiB
         * @return this builder
         */
        public Builder buffer(int bytes) {
            if (bytes < 0) {
                throw new IllegalArgumentException("a buffer has to be positive, or 0 for the default: " + bytes);
            }
            buffer = bytes;
            return this;
        }

        /**
         * Where jitter begins. The same seed gives the same sequence of delays, by default that of seed 0.
         *
         * @param newSeed the seed
         * @return this builder
         */
        public Builder seed(long newSeed) {
            seed = newSeed;
            return this;
        }

        /**
         * Starts the proxy.
         *
         * @return the proxy, to be closed by the caller
         * @throws UncheckedIOException if it cannot listen at the port
         */
        public FaultProxy start() {
            try {
                return new FaultProxy(new FaultLoop(server, port, buffer, seed));
            } catch (IOException failed) {
                throw new UncheckedIOException(
                        "the proxy cannot listen at port " + port + ": " + failed.getMessage(), failed);
            }
        }
    }

    /**
     * Where it listens.
     *
     * @return the port of 127.0.0.1, also after it was closed
     */
    public int port() {
        return loop.port();
    }

    /**
     * Delays everything, ends of connections included. Nothing overtakes anything.
     *
     * @param latency how long something takes at least; zero for no delay
     * @param directions where; both if none is named
     */
    public void latency(Duration latency, Direction... directions) {
        change(faults -> faults.latency(latency), directions);
    }

    /**
     * Delays some bytes more than others: by the latency, and at random by up to so much more. What comes after them waits for
     * them.
     *
     * @param jitter how much more at most; zero for none
     * @param directions where; both if none is named
     */
    public void jitter(Duration jitter, Direction... directions) {
        change(faults -> faults.jitter(jitter), directions);
    }

    /**
     * Limits the rate of each connection. It may become less on a busy machine, never more.
     *
     * @param bytesPerSecond how much passes in a second, in each of the directions; 0 for no limit
     * @param directions where; both if none is named
     */
    public void bandwidth(long bytesPerSecond, Direction... directions) {
        change(faults -> faults.bandwidth(bytesPerSecond), directions);
    }

    /**
     * Passes bytes on in small pieces. Without a pause between them, the other side's system may put them together again.
     *
     * @param bytes the largest piece; 0 for as much as there is
     * @param directions where; both if none is named
     */
    public void slice(int bytes, Direction... directions) {
        slice(bytes, Duration.ZERO, directions);
    }

    /**
     * Passes bytes on in small pieces.
     *
     * @param bytes the largest piece; 0 for as much as there is, without pauses
     * @param pause how long nothing follows a piece
     * @param directions where; both if none is named
     */
    public void slice(int bytes, Duration pause, Direction... directions) {
        change(faults -> faults.slice(bytes, pause), directions);
    }

    /**
     * Lets nothing pass and takes nothing: whoever sends has to wait, and is not heard when he goes. Nothing is lost; it comes
     * after {@link #pass}. In one direction, this is a network that works one way only.
     *
     * @param directions where; both if none is named
     */
    public void hold(Direction... directions) {
        change(faults -> faults.passage(Faults.Passage.HELD), directions);
    }

    /**
     * Takes all bytes and throws them away, also those on their way, while connections stay open: whoever sends does not
     * notice. That one side has gone is passed on after {@link #pass}; the bytes are lost, so what then follows has a hole.
     *
     * @param directions where; both if none is named
     */
    public void blackHole(Direction... directions) {
        change(faults -> faults.passage(Faults.Passage.BLACK_HOLE), directions);
    }

    /**
     * Passes bytes on, but not that the side that sent them has gone. The other side is not told, and may go on sending: what it
     * sends to nobody is thrown away. To {@link #pass} tells it.
     *
     * @param directions where; both if none is named
     */
    public void halfOpen(Direction... directions) {
        change(faults -> faults.passage(Faults.Passage.HALF_OPEN), directions);
    }

    /**
     * Lets everything pass again after {@link #hold}, {@link #blackHole} or {@link #halfOpen}; the last of these four is the
     * one that counts. Other faults stay.
     *
     * @param directions where; both if none is named
     */
    public void pass(Direction... directions) {
        change(faults -> faults.passage(Faults.Passage.OPEN), directions);
    }

    /** Resets all connections, at both ends. What is on its way is lost. New connections are accepted as before. */
    public void cut() {
        loop.call(loop::cutNow);
    }

    /**
     * Cuts once: when so many more bytes have passed to clients, over all connections together, all are reset, at both ends.
     * Those that come afterwards are not. A client that is slow to read may see less than was passed.
     *
     * @param bytes after how many; 0 for never
     */
    public void cutAfter(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException(
                    "the bytes until the cut have to be positive, or 0 for no cut: " + bytes);
        }
        loop.call(() -> loop.cutAfter(bytes));
    }

    /** Refuses new connections, as a port does at which nobody listens. Those that there are stay. */
    public void refuse() {
        loop.call(loop::refuse);
    }

    /** Accepts new connections again. */
    public void accept() {
        loop.call(loop::accept);
    }

    /** Takes all faults back: whatever was set, passes, and new connections are accepted. What was cut stays cut. */
    public void heal() {
        loop.call(() -> {
            for (Direction direction : Direction.values()) {
                loop.change(direction, faults -> Faults.NONE);
            }
            loop.cutAfter(0);
            loop.accept();
        });
    }

    private void change(UnaryOperator<Faults> change, Direction... directions) {
        for (Direction direction : directions) {
            Objects.requireNonNull(direction, "direction");
        }
        Objects.requireNonNull(change.apply(Faults.NONE)); // checks the arguments on the thread of who gave them
        Direction[] where = directions.length == 0 ? Direction.values() : directions.clone();
        loop.call(() -> {
            for (Direction direction : where) {
                loop.change(direction, change);
            }
        });
    }

    /**
     * How many connections were accepted.
     *
     * @return the number since it was started
     */
    public long connections() {
        return loop.accepted();
    }

    /**
     * How many connections are open, including those of which one side or both have gone and the proxy has not passed
     * that on.
     *
     * @return the number now
     */
    public int open() {
        return loop.open();
    }

    /**
     * How many bytes were passed on.
     *
     * @param direction where
     * @return the number since it was started, over all connections
     */
    public long bytes(Direction direction) {
        return loop.bytes(direction);
    }

    /**
     * How many bytes were thrown away: by a {@link #blackHole}, or because nobody was there to take them. What a cut
     * loses does not count.
     *
     * @param direction where
     * @return the number since it was started, over all connections
     */
    public long lost(Direction direction) {
        return loop.lost(direction);
    }

    /**
     * Stops listening, resets all connections, and waits until the thread has ended. A second call has no effect.
     *
     * @throws IllegalStateException if the proxy had failed before
     */
    @Override
    public void close() {
        loop.close();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        Throwable failure = loop.failure();
        if (failure != null) {
            throw new IllegalStateException("the proxy had failed: " + failure, failure);
        }
    }
}
