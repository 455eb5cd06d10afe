package eventsource.server.fanout;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A client: one request, one response without end. Takes chunks apart, and leaves what is in them to a {@link Sequence}. */
final class Connection {

    private static final int MOST_HEAD = 16 << 10;

    private final SocketChannel channel;
    private final ReadableByteChannel in;
    private final SelectionKey key;
    private final Topic topic;
    private final Sequence events;
    private @Nullable StringBuilder head = new StringBuilder();
    private boolean chunked;
    private boolean inSize = true; // of a chunk
    private int left; // of a chunk and its line end
    private boolean ended;
    private boolean whole;
    private long reads;
    private long chunks;

    private Connection(SocketChannel channel, ReadableByteChannel in, SelectionKey key, Topic topic, Sequence events) {
        this.channel = channel;
        this.in = in;
        this.key = key;
        this.topic = topic;
        this.events = events;
    }

    /** Asks for a stream, over a channel that blocks, and is selected whenever something has come. */
    static Connection open(SocketChannel channel, boolean tls, Selector selector, Topic topic, Sequence events)
            throws IOException {
        ByteBuffer request = request(topic);
        ReadableByteChannel in = tls ? Tls.request(channel, request) : channel;
        if (!tls) {
            channel.write(request);
        }
        channel.configureBlocking(false);
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        Connection connection = new Connection(channel, in, key, topic, events);
        key.attach(connection);
        return connection;
    }

    /**
     * Reads what has come, as much as fits.
     *
     * @param buffer for its use
     * @return whether the last event has changed
     */
    boolean read(ByteBuffer buffer) throws IOException {
        buffer.clear();
        reads++;
        if (readSome(buffer) < 0) {
            end();
            return false;
        }
        buffer.flip();
        if (head != null) {
            head(buffer, head);
        }
        return chunked ? chunks(buffer) : events.take(buffer, buffer.limit());
    }

    /** A stream that was reset has ended as well. */
    private int readSome(ByteBuffer buffer) {
        try {
            return in.read(buffer);
        } catch (IOException reset) {
            return -1;
        }
    }

    private void head(ByteBuffer buffer, StringBuilder text) throws VoidRun {
        while (buffer.hasRemaining()) {
            char next = (char) buffer.get();
            text.append(next);
            if (text.length() > MOST_HEAD) {
                throw new VoidRun("a response's head was too long");
            }
            if (next == '\n' && text.length() >= 4 && text.indexOf("\r\n\r\n", text.length() - 4) >= 0) {
                String all = text.toString();
                if (!all.startsWith("HTTP/1.1 200")) {
                    throw new VoidRun("a stream was refused: " + all.substring(0, all.indexOf('\r')));
                }
                chunked = all.toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked");
                head = null;
                return;
            }
        }
    }

    private boolean chunks(ByteBuffer buffer) throws IOException {
        boolean changed = false;
        while (buffer.hasRemaining()) {
            if (inSize) {
                size(buffer);
            } else if (left > 2) {
                int take = Math.min(left - 2, buffer.remaining());
                left -= take;
                changed |= events.take(buffer, buffer.position() + take);
            } else {
                buffer.get();
                inSize = --left == 0;
            }
        }
        return changed;
    }

    private void size(ByteBuffer buffer) throws IOException {
        byte next = buffer.get();
        if (next == '\n') {
            if (left == 0) {
                whole = true;
                end();
                return;
            }
            chunks++;
            left += 2;
            inSize = false;
        } else if (next != '\r') {
            int digit = Character.digit(next, 16);
            if (digit < 0) {
                throw new VoidRun("a chunk's size was not understood");
            }
            left = 16 * left + digit;
        }
    }

    private void end() throws IOException {
        ended = true;
        channel.close();
    }

    private static ByteBuffer request(Topic topic) {
        return ByteBuffer.wrap(("GET /events" + topic.query
                        + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nCache-Control: no-cache\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    }

    /** Whether the head of the response has come. */
    boolean isOpen() {
        return head == null;
    }

    /** Whether the server has ended the stream. */
    boolean isEnded() {
        return ended;
    }

    /** Whether it has ended as a response does that is complete. */
    boolean isWhole() {
        return whole;
    }

    Topic topic() {
        return topic;
    }

    Sequence events() {
        return events;
    }

    long reads() {
        return reads;
    }

    long chunks() {
        return chunks;
    }

    void stall(boolean stalled) {
        key.interestOps(stalled ? 0 : SelectionKey.OP_READ);
    }

    void close() throws IOException {
        if (channel.isOpen()) {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0); // no port is kept waiting for late packets
            channel.close();
        }
    }
}
