package eventsource.server.testkit;

import eventsource.server.testkit.FaultProxy.Direction;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The one thread of a {@link FaultProxy}, which has all of its sockets. It waits for nothing but the next thing to do, so
 * what it is asked for is done at once.
 *
 * <p>Unless it says otherwise, a field belongs to this thread; others have their work done by {@link #call}.
 */
final class FaultLoop implements Runnable {

    /** Something to be done on this thread. */
    interface Work {
        void run() throws IOException;
    }

    private record Task(Work work, CompletableFuture<Boolean> done) {}

    private record Wake(long at, ProxiedConnection connection) {}

    private static final int DEFAULT_BOUND = 256 << 10;
    private static final int LARGEST_SCRATCH = 64 << 10;

    private final long start = System.nanoTime();
    private final InetSocketAddress server;
    private final int buffer;
    private final Random random;
    private final Selector selector;
    private final FaultDoor door;
    private final ByteBuffer scratch;
    private final Map<Direction, Faults> faults = new EnumMap<>(Direction.class);
    private final Set<ProxiedConnection> connections = new LinkedHashSet<>();
    private final PriorityQueue<Wake> wakes = new PriorityQueue<>(Comparator.comparingLong(Wake::at));
    private long untilCut = Long.MAX_VALUE;
    private boolean closing;

    // Written by this thread, read by any.
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong open = new AtomicLong();
    private final Map<Direction, AtomicLong> passed = zeroes();
    private final Map<Direction, AtomicLong> lost = zeroes();

    // All three are guarded by the queue. Once it has ended, nothing is added.
    private final Queue<Task> tasks = new ArrayDeque<>();
    private boolean ended;
    private @Nullable Throwable failure;

    /**
     * Listens, and does nothing about it until it is run.
     *
     * @param port 0 for any that is free
     * @param buffer bytes of each buffer; 0 for the system's choice
     */
    FaultLoop(InetSocketAddress server, int port, int buffer, long seed) throws IOException {
        this.server = server;
        this.buffer = buffer;
        this.random = new Random(seed);
        this.scratch = ByteBuffer.allocate(Math.min(LARGEST_SCRATCH, bound()));
        for (Direction direction : Direction.values()) {
            faults.put(direction, Faults.NONE);
        }
        this.selector = Selector.open();
        try {
            this.door = new FaultDoor(selector, port, buffer);
        } catch (IOException | RuntimeException failed) {
            selector.close();
            throw failed;
        }
    }

    // --- for other threads

    int port() {
        return door.port();
    }

    long accepted() {
        return current(accepted);
    }

    int open() {
        return (int) current(open);
    }

    long bytes(Direction direction) {
        return current(at(direction, passed));
    }

    long lost(Direction direction) {
        return current(at(direction, lost));
    }

    /** A count of which nothing is left out that somebody can have seen: bytes are counted after they were written. */
    private long current(AtomicLong count) {
        try {
            call(() -> {});
        } catch (IllegalStateException closed) {
            // It counts no more.
        }
        return count.get();
    }

    private static Map<Direction, AtomicLong> zeroes() {
        return Map.of(Direction.TO_SERVER, new AtomicLong(), Direction.TO_CLIENT, new AtomicLong());
    }

    /** What is there for each direction. */
    private static <T> T at(Direction direction, Map<Direction, T> each) {
        return Objects.requireNonNull(each.get(Objects.requireNonNull(direction, "direction")));
    }

    /**
     * Has something done on this thread, and waits until it was.
     *
     * @throws IllegalStateException if the proxy was closed, or the work fails
     */
    void call(Work work) {
        Task task = new Task(work, new CompletableFuture<>());
        synchronized (tasks) {
            if (ended) {
                throw new IllegalStateException("this proxy was closed: start another one", failure);
            }
            tasks.add(task);
        }
        selector.wakeup();
        try {
            task.done.join();
        } catch (CompletionException failed) {
            throw new IllegalStateException("the proxy could not do this: " + failed.getCause(), failed.getCause());
        }
    }

    /** Has the thread end, unless it has ended already. */
    void close() {
        try {
            call(() -> closing = true);
        } catch (IllegalStateException alreadyClosed) {
            // That is all that was wanted.
        }
    }

    /** What ended the thread, if it was not {@link #close}. */
    @Nullable
    Throwable failure() {
        synchronized (tasks) {
            return failure;
        }
    }

    // --- the thread

    @Override
    public void run() {
        Throwable reason = null;
        try {
            while (!closing) {
                select();
                wakeConnections();
                runTasks();
            }
        } catch (IOException | RuntimeException | Error failed) {
            reason = failed;
        }
        end(reason);
    }

    private void select() throws IOException {
        Wake first = wakes.peek();
        long nanos = first == null ? 0 : first.at - now();
        if (first != null && nanos <= 0) {
            selector.selectNow(this::ready);
        } else {
            selector.select(this::ready, (nanos + 999_999) / 1_000_000); // 0 is without a limit
        }
    }

    private void ready(SelectionKey key) {
        if (key.attachment() instanceof ProxiedConnection connection) {
            connection.ready(key);
        } else {
            connectAll();
        }
    }

    private void wakeConnections() {
        long now = now();
        for (Wake first = wakes.peek(); first != null && first.at <= now; first = wakes.peek()) {
            wakes.remove();
            first.connection.goOn();
        }
    }

    private void runTasks() {
        for (Task task = nextTask(); task != null; task = nextTask()) {
            try {
                task.work.run();
                task.done.complete(true);
            } catch (IOException | RuntimeException failed) {
                task.done.completeExceptionally(failed);
            }
        }
    }

    private @Nullable Task nextTask() {
        synchronized (tasks) {
            return tasks.poll();
        }
    }

    private void end(@Nullable Throwable reason) {
        cutAll();
        try {
            door.close();
            selector.close();
        } catch (IOException failed) {
            // There is nothing left to do about it.
        }
        synchronized (tasks) {
            ended = true;
            failure = reason;
            tasks.forEach(task -> task.done.completeExceptionally(new IOException("the proxy was closed")));
        }
    }

    private void connectAll() {
        try {
            for (SocketChannel client = door.next(); client != null; client = door.next()) {
                accepted.incrementAndGet();
                connect(client);
            }
        } catch (IOException failed) {
            throw new IllegalStateException("no connection can be accepted", failed);
        }
    }

    private void connect(SocketChannel client) throws IOException {
        SocketChannel socket = SocketChannel.open();
        try {
            configure(client);
            configure(socket);
            boolean connected = socket.connect(server);
            ProxiedConnection connection = new ProxiedConnection(this, selector, client, socket, connected);
            connections.add(connection);
            open.set(connections.size());
            connection.goOn();
        } catch (IOException nobodyThere) {
            ProxiedConnection.reset(client);
            ProxiedConnection.reset(socket);
        }
    }

    private void configure(SocketChannel socket) throws IOException {
        socket.configureBlocking(false);
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (buffer > 0) {
            socket.setOption(StandardSocketOptions.SO_RCVBUF, buffer);
            socket.setOption(StandardSocketOptions.SO_SNDBUF, buffer);
        }
    }

    // --- on the thread, for connections

    /** Nanoseconds. */
    long now() {
        return System.nanoTime() - start;
    }

    ByteBuffer scratch() {
        return scratch;
    }

    double random() {
        return random.nextDouble();
    }

    int bound() {
        return buffer > 0 ? buffer : DEFAULT_BOUND;
    }

    Faults faults(Direction direction) {
        return at(direction, faults);
    }

    /** Has the connection go on at a time. */
    void wake(ProxiedConnection connection, long at) {
        wakes.add(new Wake(at, connection));
    }

    /** How many bytes may still pass. */
    long untilCut(Direction direction) {
        return direction == Direction.TO_CLIENT ? untilCut : Long.MAX_VALUE;
    }

    /** So many bytes were passed on. */
    void passed(Direction direction, int bytes) {
        at(direction, passed).addAndGet(bytes);
        if (direction == Direction.TO_CLIENT && untilCut != Long.MAX_VALUE) {
            untilCut -= bytes;
            if (untilCut == 0) {
                untilCut = Long.MAX_VALUE;
                cutAll();
            }
        }
    }

    /** So many bytes were thrown away. */
    void lost(Direction direction, long bytes) {
        at(direction, lost).addAndGet(bytes);
    }

    /** A connection is over. */
    void over(ProxiedConnection connection) {
        connections.remove(connection);
        open.set(connections.size());
    }

    // --- on the thread, for the proxy

    void change(Direction direction, UnaryOperator<Faults> change) {
        Faults changed = change.apply(faults(direction));
        faults.put(direction, changed);
        for (ProxiedConnection connection : List.copyOf(connections)) {
            connection.suffer(direction, changed);
            connection.goOn();
        }
    }

    /** Cuts when so many more bytes have passed to clients; 0 for never. */
    void cutAfter(long bytes) {
        untilCut = bytes == 0 ? Long.MAX_VALUE : bytes;
    }

    /** Resets all connections. Their sockets are closed when the selector is used next. */
    void cutAll() {
        List.copyOf(connections).forEach(ProxiedConnection::cut);
    }

    void cutNow() throws IOException {
        cutAll();
        selector.selectNow(key -> {}); // what is ready is ready again the next time
    }

    void refuse() throws IOException {
        door.shut();
    }

    void accept() throws IOException {
        door.open();
    }
}
