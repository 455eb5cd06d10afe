package eventsource.server.spi;

import java.util.List;
import java.util.Locale;

/**
 * Whether a request takes an event stream.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#name-accept">RFC 9110, Accept</a>
 */
final class Accept {

    private static final List<String> RANGES = List.of("*/*", "text/*", "text/event-stream");

    private Accept() {}

    /** The most specific range that matches decides; without any header everything is taken. */
    static boolean admitsEventStream(List<String> values) {
        String all = String.join(",", values);
        if (all.isBlank()) {
            return true;
        }
        int best = -1;
        boolean admitted = false;
        for (String part : all.split(",", -1)) {
            String[] pieces = part.split(";", -1);
            int specific = RANGES.indexOf(pieces[0].trim().toLowerCase(Locale.ROOT));
            if (specific > best) {
                best = specific;
                admitted = !isRuledOut(pieces);
            }
        }
        return admitted;
    }

    private static boolean isRuledOut(String[] pieces) {
        for (int i = 1; i < pieces.length; i++) {
            String parameter = pieces[i].trim().toLowerCase(Locale.ROOT);
            if (parameter.startsWith("q=")) {
                return parameter.substring(2).trim().matches("0(\\.0{0,3})?");
            }
        }
        return false;
    }
}
