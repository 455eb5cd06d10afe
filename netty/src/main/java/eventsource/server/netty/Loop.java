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
    private @Nullable StreamConnection streams;
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

    void add(StreamConnection stream) {
        stream.next = streams;
        if (streams != null) {
            streams.previous = stream;
        }
        streams = stream;
    }

    void remove(StreamConnection stream) {
        if (stream.previous != null) {
            stream.previous.next = stream.next;
        } else if (streams == stream) {
            streams = stream.next;
        }
        if (stream.next != null) {
            stream.next.previous = stream.previous;
        }
        stream.previous = null;
        stream.next = null;
    }

    /** Calls something with each stream, which may end it. */
    void each(Consumer<StreamConnection> visitor) {
        StreamConnection stream = streams;
        while (stream != null) {
            StreamConnection next = stream.next;
            visitor.accept(stream);
            stream = next;
        }
    }
}
