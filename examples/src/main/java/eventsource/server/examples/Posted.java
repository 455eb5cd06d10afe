package eventsource.server.examples;

import eventsource.server.spi.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What was posted.
 *
 * @param request with which it was
 * @param body the body, not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Posted(HttpRequest request, byte[] body) {

    /**
     * The body as text.
     *
     * @throws IllegalArgumentException if it is not UTF-8
     */
    public String text() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new IllegalArgumentException("the body is not UTF-8", malformed);
        }
    }

    /**
     * The first value of a parameter of the query.
     *
     * @throws IllegalArgumentException if there is none
     */
    public String parameter(String name) {
        return parameter(request, name);
    }

    static String parameter(HttpRequest request, String name) {
        List<String> values = request.parameters(name);
        if (values.isEmpty() || values.get(0).isEmpty()) {
            throw new IllegalArgumentException("the query has no " + name);
        }
        return values.get(0);
    }
}
