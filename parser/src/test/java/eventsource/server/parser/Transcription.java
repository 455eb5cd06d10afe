package eventsource.server.parser;

import java.util.ArrayList;
import java.util.List;

/** The standard step by step over a whole stream, decoded first: slow and plain, to compare the parser with. */
final class Transcription {
    final List<ParsedEvent> events = new ArrayList<>();
    String lastEventId = "";
    private String data = "";
    private String type = "";
    private String id = "";

    Transcription(byte[] bytes) {
        String stream = decode(bytes);
        if (stream.startsWith("\uFEFF")) {
            stream = stream.substring(1);
        }
        String lines = stream.replace("\r\n", "\n").replace('\r', '\n');
        int from = 0;
        for (int to = lines.indexOf('\n'); to >= 0; to = lines.indexOf('\n', from)) {
            line(lines.substring(from, to));
            from = to + 1;
        }
    }

    private void line(String line) {
        int colon = line.indexOf(':');
        if (line.isEmpty()) {
            dispatch();
        } else if (colon > 0) {
            String value = line.substring(colon + 1);
            field(line.substring(0, colon), value.startsWith(" ") ? value.substring(1) : value);
        } else if (colon < 0) {
            field(line, "");
        }
    }

    private void field(String name, String value) {
        if (name.equals("event")) {
            type = value;
        } else if (name.equals("data")) {
            data += value + "\n";
        } else if (name.equals("id") && !value.contains("\0")) {
            id = value;
        }
    }

    private void dispatch() {
        lastEventId = id;
        if (!data.isEmpty()) {
            String text = data.endsWith("\n") ? data.substring(0, data.length() - 1) : data;
            events.add(new ParsedEvent(type.isEmpty() ? "message" : type, text, lastEventId));
        }
        data = "";
        type = "";
    }

    /** The decoder of the Encoding standard with the variables it has there. */
    private static String decode(byte[] bytes) {
        StringBuilder out = new StringBuilder();
        int codePoint = 0;
        int needed = 0;
        int lower = 0x80;
        int upper = 0xBF;
        int i = 0;
        while (i < bytes.length) {
            int b = bytes[i++] & 0xFF;
            if (needed > 0) {
                if (b < lower || b > upper) {
                    out.append('\uFFFD');
                    i--;
                    needed = 0;
                } else {
                    codePoint = codePoint << 6 | (b & 0x3F);
                    if (--needed == 0) {
                        out.appendCodePoint(codePoint);
                    }
                }
                lower = 0x80;
                upper = 0xBF;
            } else if (b < 0x80) {
                out.append((char) b);
            } else if (b < 0xC2 || b > 0xF4) {
                out.append('\uFFFD');
            } else {
                needed = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
                codePoint = b & (0x3F >> needed);
                lower = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;
                upper = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
            }
        }
        return needed > 0 ? out.append('\uFFFD').toString() : out.toString();
    }
}
