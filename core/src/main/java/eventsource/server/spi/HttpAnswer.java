package eventsource.server.spi;

import eventsource.server.EventStream;
import java.util.Map;

/** What an adapter sends back: a whole response, or the head of one and a stream. */
public sealed interface HttpAnswer {

    /**
     * The status.
     *
     * @return the status code
     */
    int status();

    /**
     * The headers, all but those that frame the body.
     *
     * @return the headers by name
     */
    Map<String, String> headers();

    /**
     * A whole response.
     *
     * @param status the status code
     * @param headers the headers; no {@code Content-Length}
     * @param body the body as text, to be sent as UTF-8; empty for none. The response to HEAD has none either way
     */
    record Whole(int status, Map<String, String> headers, String body) implements HttpAnswer {}

    /**
     * A response with status 200 whose body is a stream. Whoever cannot send it must {@linkplain EventStream#end end} the
     * stream.
     *
     * @param headers the headers
     * @param stream the stream
     */
    record Streaming(Map<String, String> headers, EventStream stream) implements HttpAnswer {
        @Override
        public int status() {
            return 200;
        }
    }
}
