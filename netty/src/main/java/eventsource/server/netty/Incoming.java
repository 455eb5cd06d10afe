package eventsource.server.netty;

import eventsource.server.spi.HttpRequest;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;

/** A request while it comes in: its head, and its body as far as it is there. Belongs to the connection's event loop. */
final class Incoming {

    private static final byte[] NOTHING = {};

    final HttpRequest request;
    final boolean keepAlive;
    final boolean chunked;
    private final int most;
    private boolean kept = true;
    private byte[] body = NOTHING;
    private int length;

    Incoming(io.netty.handler.codec.http.HttpRequest head, boolean loopback, Executor loop, int mostBytes) {
        HttpHeaders headers = head.headers();
        request = HttpRequest.of(head.method().name(), head.uri(), name -> headers.getAll(name), loopback)
                .drainedBy(loop);
        chunked = head.protocolVersion().compareTo(HttpVersion.HTTP_1_1) >= 0;
        keepAlive = chunked && HttpUtil.isKeepAlive(head);
        most = mostBytes;
    }

    /** Why a request is none that can be answered, or 0: the status that says so. */
    static int fault(io.netty.handler.codec.http.HttpRequest head) {
        HttpVersion version = head.protocolVersion();
        if (version.majorVersion() != 1) {
            return 505;
        }
        boolean old = version.compareTo(HttpVersion.HTTP_1_1) < 0;
        List<String> encodings = head.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (!encodings.isEmpty() && (old || encodings.size() > 1)) {
            return 400;
        }
        if (!encodings.isEmpty() && !encodings.get(0).trim().equalsIgnoreCase("chunked")) {
            return 501;
        }
        int hosts = head.headers().getAll(HttpHeaderNames.HOST).size();
        return hosts == 1 || (old && hosts == 0) ? 0 : 400;
    }

    /**
     * Adds to the body.
     *
     * @return whether it is not too large
     */
    boolean add(ByteBuf part) {
        int more = part.readableBytes();
        if (more > most - length) {
            return false;
        }
        if (!kept) {
            length += more;
            return true;
        }
        if (length + more > body.length) {
            body = Arrays.copyOf(body, Math.max(length + more, Math.min(most, 2 * body.length)));
        }
        part.readBytes(body, length, more);
        length += more;
        return true;
    }

    /** Only counts the body, from now on. */
    void letBodyGo() {
        kept = false;
    }

    byte[] body() {
        return !kept ? NOTHING : length == body.length ? body : Arrays.copyOf(body, length);
    }
}
