package eventsource.server;

import java.nio.charset.StandardCharsets;

/**
 * What may stand in a field of the wire format. Everything here rejects and nothing repairs: a value that was altered on
 * its way out is not the value that comes back as a last event id. Messages do not repeat the value: it may have come from
 * a client, and they may go back to one.
 */
final class Text {

    /** Longest id or topic, in bytes of UTF-8: it has to fit into a request header beside cookies and tokens. */
    static final int MAX_NAME_BYTES = 256;

    private Text() {}

    /** Rejects what no UTF-8 encoder can write: half of a surrogate pair. */
    static void requireEncodable(String what, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c)
                    && i + 1 < value.length()
                    && Character.isLowSurrogate(value.charAt(i + 1))) {
                i++;
            } else {
                throw new IllegalArgumentException(what + " has half of a surrogate pair at index " + i
                        + ", which UTF-8 cannot express; repair the text before making an event of it");
            }
        }
    }

    /** Rejects what would end the line, and with it let the value smuggle in a field or an event. */
    static void requireOneLine(String what, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\r' || c == '\n' || c == 0) {
                throw new IllegalArgumentException(what + " has a " + nameOf(c) + " at index " + i
                        + "; it has to be a single line without NUL, so remove or encode that character");
            }
        }
        requireEncodable(what, value);
    }

    /** Rejects what a request header or a URL would not carry back unchanged. */
    static void requireName(String what, String value) {
        requireOneLine(what, value);
        if (value.isEmpty()) {
            throw new IllegalArgumentException(what + " is empty; give it at least one character");
        }
        for (int i = 0; i < value.length(); i++) {
            if (Character.isISOControl(value.charAt(i))) {
                throw new IllegalArgumentException(what + " has a control character at index " + i
                        + "; remove it, HTTP headers do not carry control characters");
            }
        }
        if (value.charAt(0) == ' ' || value.charAt(value.length() - 1) == ' ') {
            throw new IllegalArgumentException(what + " starts or ends with a space, which HTTP headers lose; trim it");
        }
        int bytes = value.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_NAME_BYTES) {
            throw new IllegalArgumentException(
                    what + " has " + bytes + " bytes; " + MAX_NAME_BYTES + " are allowed, so choose a shorter one");
        }
    }

    private static String nameOf(char c) {
        return c == '\r' ? "CR" : c == '\n' ? "LF" : "NUL";
    }
}
