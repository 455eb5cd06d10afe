package eventsource.server.netty;

import eventsource.server.spi.HttpAnswer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The bytes of responses, but for the bodies of streams. */
final class ResponseHead {

    private static final int USUAL = 512;

    private ResponseHead() {}

    /**
     * A whole response.
     *
     * @param headOnly whether the request was HEAD
     * @param last whether the connection is closed afterwards
     * @throws IllegalArgumentException if a header cannot be written
     */
    static ByteBuf whole(
            ByteBufAllocator allocator, String date, HttpAnswer.Whole answer, boolean headOnly, boolean last) {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        ByteBuf buffer = allocator.directBuffer(USUAL + (headOnly ? 0 : body.length));
        try {
            begin(buffer, date, answer.status(), answer.headers());
            // What HEAD gets of a stream has no length, for the stream has none.
            if (answer.status() != 204 && answer.status() != 304 && !(headOnly && body.length == 0)) {
                header(buffer, "Content-Length", Integer.toString(body.length));
            }
            if (last) {
                header(buffer, "Connection", "close");
            }
            end(buffer);
            if (!headOnly && answer.status() != 204 && answer.status() != 304) {
                buffer.writeBytes(body);
            }
            return buffer;
        } catch (Throwable failure) {
            buffer.release();
            throw failure;
        }
    }

    /**
     * The head of a stream. The connection is closed when the stream ends.
     *
     * @param chunked whether the body is sent in chunks; otherwise it ends with the connection
     */
    static ByteBuf stream(ByteBufAllocator allocator, String date, Map<String, String> headers, boolean chunked) {
        ByteBuf buffer = allocator.directBuffer(USUAL);
        try {
            begin(buffer, date, 200, headers);
            if (chunked) {
                header(buffer, "Transfer-Encoding", "chunked");
            }
            header(buffer, "Connection", "close");
            end(buffer);
            return buffer;
        } catch (Throwable failure) {
            buffer.release();
            throw failure;
        }
    }

    private static void begin(ByteBuf buffer, String date, int status, Map<String, String> headers) {
        ascii(buffer, "HTTP/1.1 ");
        ascii(buffer, Integer.toString(status));
        ascii(buffer, " ");
        ascii(buffer, HttpResponseStatus.valueOf(status).reasonPhrase());
        ascii(buffer, "\r\n");
        header(buffer, "Date", date);
        headers.forEach((name, value) -> header(buffer, name, value));
    }

    private static void header(ByteBuf buffer, String name, String value) {
        check(name);
        check(value);
        ascii(buffer, name);
        ascii(buffer, ": ");
        buffer.writeCharSequence(value, StandardCharsets.ISO_8859_1);
        ascii(buffer, "\r\n");
    }

    private static void check(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\r' || c == '\n' || c == 0) {
                throw new IllegalArgumentException("a header of an answer has a line break or NUL; leave them out");
            }
        }
    }

    private static void end(ByteBuf buffer) {
        ascii(buffer, "\r\n");
    }

    private static void ascii(ByteBuf buffer, String text) {
        ByteBufUtil.writeAscii(buffer, text);
    }
}
