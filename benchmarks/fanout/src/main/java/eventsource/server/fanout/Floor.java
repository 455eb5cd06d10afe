package eventsource.server.fanout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a JVM cannot do without: one thread, one frame per event in a direct buffer, one write per stream. It knows just as much
 * HTTP as the driver needs, and resumes nobody. All ratios are against it. Usage: {@code Floor PORT}; with the property {@code
 * keepalive}, each stream gets a heartbeat every so many seconds.
 */
public final class Floor {

    private static final byte[] HEAD = ascii("""
            HTTP/1.1 200 OK\r
            Content-Type: text/event-stream\r
            Cache-Control: no-store\r
            Transfer-Encoding: chunked\r
            \r
            """);
    private static final byte[] HEARTBEAT = ascii("2\r\n:\n\r\n");
    private static final byte[] DONE = ascii("HTTP/1.1 204 No Content\r\n\r\n");
    private static final int BACKLOG = 4096;
    private static final int MOST_BEHIND = 1 << 20;
    private static final int MOST_IN = 1 << 20;

    private final Selector selector = Selector.open();
    private final Map<String, List<Peer>> topics = new HashMap<>(); // by what follows the path
    private final long keepaliveMillis = 1000L * Integer.getInteger("keepalive", 0);
    private final ByteBuffer heartbeat =
            ByteBuffer.allocateDirect(HEARTBEAT.length).put(HEARTBEAT).flip();
    private ByteBuffer frame = ByteBuffer.allocateDirect(1 << 10);

    private Floor() throws IOException {}

    public static void main(String[] args) throws IOException {
        new Floor().serve(Integer.parseInt(args[0]));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private void serve(int port) throws IOException {
        ServerSocketChannel listening = ServerSocketChannel.open();
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        listening.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
        Consumer<SelectionKey> ready = key -> {
            if (key.isAcceptable()) {
                accept(listening);
            } else if (key.attachment() instanceof Peer peer) {
                peer.ready();
            }
        };
        long beats = 0;
        long start = System.nanoTime();
        while (true) {
            if (keepaliveMillis == 0) {
                selector.select(ready);
                continue;
            }
            long left = (beats + 1) * keepaliveMillis - (System.nanoTime() - start) / 1_000_000;
            if (left > 0) {
                selector.select(ready, left);
            } else {
                beats++;
                topics.values().forEach(peers -> sendToAll(peers, heartbeat));
            }
        }
    }

    private static void sendToAll(List<Peer> peers, ByteBuffer bytes) {
        for (int i = peers.size() - 1; i >= 0; i--) {
            peers.get(i).send(bytes);
        }
    }

    private void accept(ServerSocketChannel listening) {
        try {
            for (SocketChannel channel = listening.accept(); channel != null; channel = listening.accept()) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.configureBlocking(false);
                Peer peer = new Peer(channel);
                peer.key = channel.register(selector, SelectionKey.OP_READ, peer);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Each line of the body is the data of an event. */
    private void emit(String topic, byte[] in, int from, int to) {
        List<Peer> peers = topics.getOrDefault(topic, List.of());
        for (int start = from; start < to; ) {
            int end = start;
            while (end < to && in[end] != '\n') {
                end++;
            }
            encode(in, start, end - start);
            sendToAll(peers, frame);
            start = end + 1;
        }
    }

    private void encode(byte[] in, int start, int length) {
        byte[] size = ascii(Integer.toHexString(length + 8) + "\r\n");
        if (frame.capacity() < length + 32) {
            frame = ByteBuffer.allocateDirect(2 * (length + 32));
        }
        frame.clear().put(size).put(ascii("data: ")).put(in, start, length);
        frame.put(ascii("\n\n\r\n")).flip();
    }

    /** A connection: first of requests, then perhaps a stream. */
    private final class Peer {
        private final SocketChannel channel;
        private @Nullable SelectionKey key;
        private ByteBuffer in = ByteBuffer.allocate(256);
        private List<Peer> streams = List.of();
        private int place = -1; // among the streams
        private @Nullable Deque<ByteBuffer> behind;
        private int bytesBehind;

        Peer(SocketChannel channel) {
            this.channel = channel;
        }

        void ready() {
            try {
                if (key != null && key.isValid() && key.isWritable()) {
                    catchUp();
                }
                if (key != null && key.isValid() && key.isReadable()) {
                    read();
                }
            } catch (IOException gone) {
                close();
            }
        }

        private void read() throws IOException {
            if (!in.hasRemaining()) {
                if (in.capacity() >= MOST_IN) {
                    throw new IOException("the request is too large");
                }
                in = ByteBuffer.allocate(in.capacity() * 4).put(in.flip());
            }
            if (channel.read(in) < 0) {
                close();
                return;
            }
            while (place < 0 && request()) {}
        }

        /** Answers a request if all of it has come. */
        private boolean request() {
            String text = new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
            int head = text.indexOf("\r\n\r\n");
            if (head < 0) {
                return false;
            }
            if (text.startsWith("GET ")) {
                streams = topics.computeIfAbsent(topic(text), name -> new ArrayList<>());
                place = streams.size();
                streams.add(this);
                in = ByteBuffer.allocate(1); // a client has nothing more to say
                send(ByteBuffer.wrap(HEAD));
                return true;
            }
            int end = head + 4 + length(text.substring(0, head + 2));
            if (in.position() < end) {
                return false;
            }
            emit(topic(text), in.array(), head + 4, end);
            send(ByteBuffer.wrap(DONE));
            in.flip().position(end);
            in.compact();
            return true;
        }

        private static String topic(String request) {
            int space = request.indexOf(' ', request.indexOf(' ') + 1);
            int query = request.indexOf('?');
            return query < 0 || query > space ? "" : request.substring(query, space);
        }

        private static int length(String head) {
            String name = "\r\ncontent-length:";
            int at = head.toLowerCase(Locale.ROOT).indexOf(name);
            return at < 0
                    ? 0
                    : Integer.parseInt(head.substring(at + name.length(), head.indexOf('\r', at + 2))
                            .strip());
        }

        void send(ByteBuffer bytes) {
            try {
                bytes.position(0);
                if (behind == null || behind.isEmpty()) {
                    channel.write(bytes);
                }
                if (bytes.hasRemaining()) {
                    keep(bytes);
                }
            } catch (IOException gone) {
                close();
            }
        }

        private void keep(ByteBuffer bytes) throws IOException {
            bytesBehind += bytes.remaining();
            if (bytesBehind > MOST_BEHIND) {
                throw new IOException("too far behind");
            }
            if (behind == null) {
                behind = new ArrayDeque<>();
            }
            behind.add(ByteBuffer.allocateDirect(bytes.remaining()).put(bytes).flip());
            if (key != null) {
                key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            }
        }

        private void catchUp() throws IOException {
            while (behind != null && !behind.isEmpty()) {
                ByteBuffer first = behind.element();
                bytesBehind -= channel.write(first);
                if (first.hasRemaining()) {
                    return;
                }
                behind.remove();
            }
            if (key != null) {
                key.interestOps(SelectionKey.OP_READ);
            }
        }

        private void close() {
            if (place >= 0) {
                Peer last = streams.remove(streams.size() - 1);
                if (last != this) {
                    streams.set(place, last);
                    last.place = place;
                }
                place = -1;
            }
            try {
                channel.close();
            } catch (IOException closedAnyway) {
                // nothing more to give back
            }
        }
    }
}
