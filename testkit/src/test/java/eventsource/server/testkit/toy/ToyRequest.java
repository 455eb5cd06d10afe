package eventsource.server.testkit.toy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request as the toy reads it. */
record ToyRequest(String method, String target, boolean http10, Map<String, List<String>> headers) {

    /** The next request of a connection, with its body behind it; null if there is none, or no whole one. */
    static @Nullable ToyRequest read(InputStream in, OutputStream out, int longestLine) throws IOException {
        String first = line(in, longestLine);
        if (first == null) {
            return null;
        }
        String[] words = first.split(" ", -1);
        Map<String, List<String>> headers = new HashMap<>();
        for (String line = line(in, longestLine); line == null || !line.isEmpty(); line = line(in, longestLine)) {
            if (line == null || line.indexOf(':') < 0) {
                return null;
            }
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        ToyRequest request = new ToyRequest(words[0], words[1], words[2].equals("HTTP/1.0"), headers);
        if (headers.containsKey("expect")) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        in.readNBytes(Integer.parseInt(
                headers.getOrDefault("content-length", List.of("0")).get(0)));
        return request;
    }

    private static @Nullable String line(InputStream in, int longest) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || line.size() > longest) {
                return null;
            }
            line.write(c);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }
}
