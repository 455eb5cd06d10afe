package eventsource.server.parser;

import java.util.ArrayList;
import java.util.List;

/** The rules for what a server writes, which are far narrower than what a parser has to accept. */
final class WireRules {
    private static final int EVENT = 1;
    private static final int DATA = 2;
    private static final int RETRY = 4;
    private static final int ID = 8;

    private final List<String> violations = new ArrayList<>();

    /** The kinds of field lines seen of the current event. A lone retry line belongs to no event. */
    private int seen;

    List<String> violations() {
        return List.copyOf(violations);
    }

    boolean insideEvent() {
        return seen != 0;
    }

    void byteOrderMark() {
        report(0, "the stream begins with a byte order mark");
    }

    void carriageReturn(long at) {
        report(at, "a CR; lines end with LF only");
    }

    void malformed(long at) {
        report(at, "malformed UTF-8");
    }

    void comment(long at) {
        if (insideEvent()) {
            report(at, "a comment line inside an event");
        }
    }

    void blank(long at) {
        if (!saw(DATA)) {
            report(at, "a blank line that does not end an event with data");
        }
        seen = 0;
    }

    void field(long at, String line, int colon, String name, String value) {
        if (colon < 0) {
            report(at, "a field line without colon: " + quote(line));
        } else if (!line.startsWith(" ", colon + 1)) {
            report(at, "no space after the colon: " + quote(line));
        }
        switch (name) {
            case "event" -> event(at, value);
            case "data" -> data(at);
            case "retry" -> retry(at, value);
            case "id" -> id(at, value);
            default -> report(at, "an unknown field " + quote(name));
        }
    }

    private void event(long at, String value) {
        if (saw(EVENT)) {
            report(at, "a second event line in an event");
        } else if (insideEvent()) {
            report(at, "an event line that is not the first of its event");
        }
        if (value.isEmpty()) {
            report(at, "an event line with an empty value");
        } else if (value.equals("message")) {
            report(at, "the default type \"message\" is written explicitly");
        }
        seen |= EVENT;
    }

    private void data(long at) {
        // Without data so far, the retry or id line has been reported already.
        if (saw(DATA) && (saw(RETRY) || saw(ID))) {
            report(at, "a data line after the retry or id line of its event");
        }
        seen |= DATA;
    }

    private void retry(long at, String value) {
        if (!EventStreamParser.isDigits(value)) {
            report(at, "a retry value that is not digits: " + quote(value));
        }
        if (!insideEvent()) {
            return;
        }
        if (saw(RETRY)) {
            report(at, "a second retry line in an event");
        } else if (saw(ID)) {
            report(at, "a retry line after the id line of its event");
        } else if (!saw(DATA)) {
            report(at, "a retry line inside an event before its data");
        }
        seen |= RETRY;
    }

    private void id(long at, String value) {
        if (value.indexOf('\0') >= 0) {
            report(at, "an id that contains NUL");
        }
        if (saw(ID)) {
            report(at, "a second id line in an event");
        } else if (!saw(DATA)) {
            report(at, "an id line before the data of its event");
        }
        seen |= ID;
    }

    private boolean saw(int kind) {
        return (seen & kind) != 0;
    }

    private void report(long at, String what) {
        violations.add("byte " + at + ": " + what);
    }

    private static String quote(String text) {
        return '"' + (text.length() > 40 ? text.substring(0, 40) + "..." : text) + '"';
    }
}
