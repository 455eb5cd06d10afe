package eventsource.server.interop;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What a client saw, as lines of JSON on standard output, where nothing else may stand. Safe for use by several threads. */
final class Report {
    private static final PrintStream OUT =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.US_ASCII);

    private Report() {}

    /** Has the process end when its standard input is closed, and not before. */
    static void untilInputCloses() {
        System.setOut(System.err);
        new Thread(Report::readInput, "standard input").start();
    }

    static void open() {
        OUT.println("{\"t\":\"open\"}");
    }

    /**
     * Reports an event.
     *
     * @param type as the client tells it; null if the event has none, which makes it a message
     * @param data as the client tells it
     * @param id as the client tells it, null if it tells none
     */
    static void event(String type, String data, String id) {
        String name = type == null ? "message" : type;
        OUT.println(
                "{\"t\":\"event\",\"type\":" + json(name) + ",\"data\":" + json(data) + ",\"id\":" + json(id) + "}");
    }

    static void error(String text) {
        OUT.println("{\"t\":\"error\",\"message\":" + json(text) + "}");
    }

    static void error(Throwable failure) {
        error(failure.toString());
    }

    static void closed() {
        OUT.println("{\"t\":\"closed\"}");
    }

    private static String json(String text) {
        if (text == null) {
            return "null";
        }
        StringBuilder json = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    private static void readInput() {
        try {
            while (System.in.read() >= 0) {
                // Only its end matters.
            }
        } catch (IOException gone) {
            // As good as its end.
        }
        Runtime.getRuntime().halt(0);
    }
}
