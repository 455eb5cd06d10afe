package eventsource.server.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the connections of one event loop share. Belongs to that loop. */
final class Loop {

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);

    final EventLoop executor;
    final Deadlines deadlines;
    final RunWriter socketWriter;
    final RunWriter channelWriter;
    private final Scratch scratch = new Scratch(ByteBufAllocator.DEFAULT);
    private @Nullable Connection connections;
    private boolean closed;
    private String date = "";
    private long dateUntil;

    Loop(EventLoop executor, long deadlineNanos) {
        this.executor = executor;
        deadlines = new Deadlines(executor, deadlineNanos);
        socketWriter = new SocketWriter(scratch);
        channelWriter = new ChannelWriter(scratch);
    }

    /** Lets go of what it holds, when the event loop has ended. */
    void close() {
        scratch.close();
    }

    /** The value of the header {@code Date}, made once a second. */
    String date() {
        long now = System.nanoTime();
        if (date.isEmpty() || now - dateUntil >= 0) {
            date = DATE.format(ZonedDateTime.now(ZoneOffset.UTC));
            dateUntil = now + TimeUnit.SECONDS.toNanos(1);
        }
        return date;
    }

    void add(Connection connection) {
        connection.next = connections;
        if (connections != null) {
            connections.previous = connection;
        }
        connections = connection;
    }

    void remove(Connection connection) {
        if (connection.previous != null) {
            connection.previous.next = connection.next;
        } else if (connections == connection) {
            connections = connection.next;
        }
        if (connection.next != null) {
            connection.next.previous = connection.previous;
        }
        connection.previous = null;
        connection.next = null;
    }

    /** Calls something with each stream, which may end it. */
    void eachStream(Consumer<StreamConnection> visitor) {
        each(connection -> {
            if (connection instanceof StreamConnection stream) {
                visitor.accept(stream);
            }
        });
    }

    private void each(Consumer<Connection> visitor) {
        Connection connection = connections;
        while (connection != null) {
            Connection next = connection.next;
            visitor.accept(connection);
            connection = next;
        }
    }

    /**
     * Cuts all connections, and has those cut that are still to come. An event loop that is shut down while it is busy with
     * tasks leaves its connections open, with nobody to serve them.
     */
    void cut() {
        closed = true;
        each(Connection::abort);
    }

    boolean isClosed() {
        return closed;
    }
}
