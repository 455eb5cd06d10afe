package eventsource.server.spi;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The id that a client comes back with, wherever the request has it; empty if it has none. */
final class LastEventId {

    /** Names under which clients that cannot set headers send their last event id. */
    private static final List<String> CURSORS = List.of("last_event_id", "lastEventId", "lastEventID");

    private LastEventId() {}

    /** The header comes first: a client that resumes adds it to a URL that may still have an older id in its query. */
    static String of(HttpRequest request) {
        String header = request.header("Last-Event-ID");
        if (header != null && !header.isEmpty()) {
            return utf8(header);
        }
        for (String name : CURSORS) {
            List<String> values = request.parameters(name);
            if (!values.isEmpty() && !values.get(0).isEmpty()) {
                return values.get(0);
            }
        }
        return "";
    }

    /** Reads bytes that a server took for Latin-1. What is not UTF-8 is no id of ours, and stays what it is. */
    private static String utf8(String header) {
        try {
            ByteBuffer bytes = StandardCharsets.ISO_8859_1.newEncoder().encode(CharBuffer.wrap(header));
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException neither) {
            return header;
        }
    }
}
