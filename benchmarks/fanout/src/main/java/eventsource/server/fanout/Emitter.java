package eventsource.server.fanout;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Posts events, over one connection, one request after the other. */
final class Emitter {

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(16 << 10);
    private ByteBuffer out = ByteBuffer.allocate(0);
    private boolean answered = true;

    Emitter(InetSocketAddress server, Selector selector) throws IOException {
        channel = SocketChannel.open(server);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, this);
    }

    /** Posts some events, each a line of the body. The last request has to be answered. */
    void post(long first, int count, int size) throws IOException {
        StringBuilder body = new StringBuilder(count * (size + 1));
        for (long number = first; number < first + count; number++) {
            body.append(number == first ? "" : "\n").append(Sequence.data(number, size));
        }
        String head = "POST /emit HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: "
                + body.length() + "\r\n\r\n";
        out = ByteBuffer.wrap((head + body).getBytes(StandardCharsets.US_ASCII));
        answered = false;
        write();
    }

    /** Goes on writing, if there is something left. */
    void write() throws IOException {
        if (out.hasRemaining()) {
            channel.write(out);
        }
    }

    boolean isAnswered() {
        return answered;
    }

    void read() throws IOException {
        if (channel.read(in) < 0) {
            throw new VoidRun("the connection on which events are posted was closed");
        }
        String text = new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
        int head = text.indexOf("\r\n\r\n");
        if (head < 0 || !isComplete(text, head)) {
            return;
        }
        if (!text.startsWith("HTTP/1.1 2")) {
            throw new VoidRun("a post was refused: " + text.substring(0, text.indexOf('\r')));
        }
        in.clear();
        answered = true;
    }

    private static boolean isComplete(String text, int head) {
        String headers = text.substring(0, head + 2).toLowerCase(Locale.ROOT);
        if (headers.contains("transfer-encoding: chunked")) {
            return text.endsWith("\r\n0\r\n\r\n");
        }
        String name = "\r\ncontent-length:";
        int at = headers.indexOf(name);
        int length = at < 0
                ? 0
                : Integer.parseInt(headers.substring(at + name.length(), headers.indexOf('\r', at + 2))
                        .strip());
        return text.length() >= head + 4 + length;
    }

    void close() throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
    }
}
