package eventsource.server.parser;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The status line and the headers of a response; anything out of the ordinary in their form is refused. */
final class ResponseHead {
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.([01]) ([1-9][0-9]{2})(?: ([^\r\n]*))?");
    private static final Pattern HEADER_LINE = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n]*?)[ \t]*");

    private final int minorVersion;
    private final int status;
    private final String reason;
    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    /**
     * Parses a head.
     *
     * @param bytes everything up to and including the empty line
     */
    ResponseHead(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        String[] lines = text.split("\r\n", -1);
        Matcher statusLine = STATUS_LINE.matcher(lines[0]);
        if (!statusLine.matches()) {
            throw new MalformedResponseException("not a status line at the beginning of \"" + text + '"');
        }
        minorVersion = Integer.parseInt(statusLine.group(1));
        status = Integer.parseInt(statusLine.group(2));
        reason = statusLine.group(3) == null ? "" : statusLine.group(3);
        // The last two are what follows the last header line and the empty line.
        for (int i = 1; i < lines.length - 2; i++) {
            Matcher line = HEADER_LINE.matcher(lines[i]);
            if (!line.matches()) {
                throw new MalformedResponseException("not a header line: \"" + lines[i] + '"');
            }
            headers.computeIfAbsent(line.group(1), name -> new ArrayList<>()).add(line.group(2));
        }
        headers.replaceAll((name, values) -> List.copyOf(values));
    }

    int status() {
        return status;
    }

    String reason() {
        return reason;
    }

    Map<String, List<String>> headers() {
        return Collections.unmodifiableMap(headers);
    }

    List<String> all(String name) {
        return headers.getOrDefault(name, List.of());
    }

    boolean interim() {
        return status < 200 && status != 101;
    }

    boolean isEventStream() {
        return all("Content-Type").stream()
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).matches("text/event-stream([ \t]*;.*)?"));
    }

    boolean keepsAlive() {
        String connection = String.join(",", all("Connection")).toLowerCase(Locale.ROOT);
        List<String> options = List.of(connection.split("[ \t]*,[ \t]*"));
        return minorVersion == 1 ? !options.contains("close") : options.contains("keep-alive");
    }

    /** The framing of the body, by RFC 9112, 6.3. */
    BodyFraming framing(String method) {
        List<String> encodings = all("Transfer-Encoding");
        List<String> lengths = all("Content-Length");
        if (!encodings.isEmpty() && !lengths.isEmpty()) {
            throw new MalformedResponseException("both Transfer-Encoding and Content-Length");
        }
        if (method.equals("HEAD") || status < 200 || status == 204 || status == 304) {
            return BodyFraming.ofLength(0);
        }
        if (!encodings.isEmpty()) {
            if (encodings.size() > 1 || !encodings.get(0).equalsIgnoreCase("chunked") || minorVersion == 0) {
                throw new MalformedResponseException(
                        "Transfer-Encoding " + encodings + " in HTTP/1." + minorVersion + " is not understood");
            }
            return BodyFraming.chunked();
        }
        if (lengths.isEmpty()) {
            return BodyFraming.untilClose();
        }
        if (lengths.size() > 1 || !lengths.get(0).matches("[0-9]{1,18}")) {
            throw new MalformedResponseException("Content-Length " + lengths);
        }
        return BodyFraming.ofLength(Long.parseLong(lengths.get(0)));
    }
}
