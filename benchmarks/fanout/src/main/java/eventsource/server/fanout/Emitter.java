package eventsource.server.fanout;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Posts the events of some topics over one connection, each by a request of its own, and knows who has not got them yet. */
final class Emitter {

    /** So many requests may be unanswered. */
    private static final int PIPELINED = 64;

    private final InetSocketAddress server;
    private final Selector selector;
    private final List<Topic> topics;
    private final int size;
    private final ByteBuffer in = ByteBuffer.allocate(64 << 10);
    private @Nullable SocketChannel channel;
    private ByteBuffer out = ByteBuffer.allocate(0);
    private int next; // the topic of the next post
    private Topic current;
    private int unposted;
    private int unanswered;
    private int behind;
    private long postedAt;

    /**
     * Is not connected before the first post.
     *
     * @param topics those that it posts to, in turn
     * @param size of an event's data, in bytes
     */
    Emitter(InetSocketAddress server, Selector selector, List<Topic> topics, int size) {
        this.server = server;
        this.selector = selector;
        this.topics = topics;
        this.size = size;
        current = topics.get(0);
    }

    private SocketChannel connected() throws IOException {
        if (channel == null) {
            channel = SocketChannel.open(server);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
        }
        return channel;
    }

    /** Posts some events to the next topic. It has to be idle. */
    void post(int count) throws IOException {
        post(topics.get(next), count);
        next = (next + 1) % topics.size();
    }

    /** Posts some events to a topic. Nothing of what was posted may be unanswered. */
    void post(Topic topic, int count) throws IOException {
        current = topic;
        unposted = count;
        behind = topic.streams;
        topic.emitted += count;
        postedAt = System.nanoTime();
        write();
    }

    /** Goes on writing, if there is something left and answers are not waited for. */
    void write() throws IOException {
        if (!out.hasRemaining() && unposted > 0 && unanswered < PIPELINED) {
            StringBuilder requests = new StringBuilder();
            for (; unposted > 0 && unanswered < PIPELINED; unposted--, unanswered++) {
                requests.append(request(current.emitted - unposted + 1));
            }
            out = ByteBuffer.wrap(requests.toString().getBytes(StandardCharsets.US_ASCII));
        }
        if (out.hasRemaining()) {
            connected().write(out);
        }
    }

    private String request(long number) {
        return "POST /emit" + current.query
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: " + size + "\r\n\r\n"
                + Sequence.data(number, size);
    }

    /** Reads answers, and posts more where they made room. */
    void read() throws IOException {
        if (connected().read(in) < 0) {
            reconnect();
            return;
        }
        String text = new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
        int from = 0;
        for (int end = answerEnd(text, from); end >= 0; end = answerEnd(text, from)) {
            if (!text.startsWith("HTTP/1.1 2", from)) {
                throw new VoidRun("a post was refused: " + text.substring(from, text.indexOf('\r', from)));
            }
            unanswered--;
            boolean last = text.substring(from, end).toLowerCase(Locale.ROOT).contains("\r\nconnection: close\r\n");
            from = end;
            if (last) {
                reconnect();
                break;
            }
        }
        in.flip().position(from);
        in.compact();
        write();
    }

    /** Some servers close a connection after a number of requests, and say so; or when it was idle for long. */
    private void reconnect() throws IOException {
        if (unanswered > 0 || out.hasRemaining()) {
            throw new VoidRun("the connection on which events are posted was closed, with posts on their way");
        }
        connected().close();
        channel = null;
    }

    /** Where an answer ends; -1 if it is not all there. */
    private static int answerEnd(String text, int from) {
        int head = text.indexOf("\r\n\r\n", from);
        if (head < 0) {
            return -1;
        }
        String headers = text.substring(from, head + 2).toLowerCase(Locale.ROOT);
        if (headers.contains("transfer-encoding: chunked")) {
            String last = "\r\n0\r\n\r\n";
            int end = text.indexOf(last, head + 2);
            return end < 0 ? -1 : end + last.length();
        }
        int end = head + 4 + length(headers);
        return end <= text.length() ? end : -1;
    }

    private static int length(String headers) {
        String name = "\r\ncontent-length:";
        int at = headers.indexOf(name);
        return at < 0
                ? 0
                : Integer.parseInt(headers.substring(at + name.length(), headers.indexOf('\r', at + 2))
                        .strip());
    }

    /** A stream has the newest event of a topic. */
    void arrived(Topic topic) {
        if (topic == current) {
            behind--;
        }
    }

    /** How many streams have not got what was posted last. */
    int behind() {
        return behind;
    }

    boolean isAnswered() {
        return unposted == 0 && unanswered == 0;
    }

    /** Whether everybody has what was posted last. */
    boolean isIdle() {
        return behind == 0 && isAnswered();
    }

    long postedAt() {
        return postedAt;
    }

    void close() throws IOException {
        if (channel != null && channel.isOpen()) {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.close();
        }
    }
}
