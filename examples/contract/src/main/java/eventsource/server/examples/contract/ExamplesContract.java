package eventsource.server.examples.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.parser.ParsedEvent;
import eventsource.server.parser.TestClient;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The examples as their users see them: processes, sockets, signals. */
public abstract class ExamplesContract {

    /** Which web server serves the examples, by the name that {@code --server} takes. */
    protected abstract String server();

    private static final Duration SOON = Duration.ofSeconds(60);

    private static TestClient post(int port, String target, byte[] body) {
        return TestClient.get(port, target).method("POST").body(body).open();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void tickTicksAndGoesOnAfterACutConnection() throws Exception {
        try (RunningExample tick = RunningExample.start("tick", server())) {
            List<ParsedEvent> before;
            try (TestClient client = TestClient.get(tick.port(), "/").open()) {
                before = client.next(2);
                assertEquals("tick", before.get(0).type());
                assertEquals(List.of(), client.parser().violations());
                client.cut();
            }
            try (TestClient again = TestClient.get(tick.port(), "/")
                    .header("Last-Event-ID", before.get(0).lastEventId())
                    .open()) {
                assertEquals("resumed", again.header("EventSource-Resume").orElseThrow());
                assertEquals(before.get(1), again.next());
            }
        }
    }

    @Test
    void aBrowserThatAsksForHtmlGetsALivePage() throws Exception {
        try (RunningExample tick = RunningExample.start("tick", server());
                TestClient page = TestClient.get(tick.port(), "/")
                        .header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
                        .open()) {
            // Some servers write it in their own way.
            String type = page.header("Content-Type").orElseThrow();
            assertEquals("text/html;charset=utf-8", type.replace(" ", "").toLowerCase(Locale.ROOT));
            String html = page.bodyText();
            assertTrue(html.contains("[\"message\", \"tick\", \"gap\"]"), html);
        }
    }

    @Test
    void anInterruptEndsEveryStreamCleanly() throws Exception {
        try (RunningExample tick = RunningExample.start("tick", server());
                TestClient one = TestClient.get(tick.port(), "/").open();
                TestClient other = TestClient.get(tick.port(), "/").open()) {
            one.next();
            other.next();
            tick.interrupt();
            assertEquals(TestClient.End.CLEAN, one.awaitEnd(SOON));
            assertEquals(TestClient.End.CLEAN, other.awaitEnd(SOON));
            assertEquals(130, tick.exitStatus(), "128 and the number of the signal");
        }
    }

    @Test
    void jsonIsOneEventOfSeveralLines() throws Exception {
        try (RunningExample json = RunningExample.start("json", server());
                TestClient client = TestClient.get(json.port(), "/").open()) {
            String data = client.next().data();
            assertTrue(data.startsWith("{\n  \"count\": ") && data.endsWith("\n}"), data);
            assertTrue(data.lines().count() > 5, data);
        }
    }

    @Test
    void broadcastPassesOnWhatIsPosted() throws Exception {
        try (RunningExample broadcast = RunningExample.start("broadcast", server());
                TestClient own = TestClient.get(broadcast.port(), "/sub").open();
                TestClient ab =
                        TestClient.get(broadcast.port(), "/sub?topic=a&topic=b").open();
                TestClient publisher = post(broadcast.port(), "/pub", utf8("own"))) {
            String id = publisher.bodyText();
            assertEquals(202, publisher.status());
            assertEquals(new ParsedEvent("message", "own", id), own.next());
            TestClient again = publisher;
            for (String topic : List.of("b", "c", "a")) {
                again = again.send(TestClient.get(broadcast.port(), "/pub?topic=" + topic)
                        .method("POST")
                        .body(utf8("to\n" + topic)));
                assertEquals(202, again.status(), "on the same connection");
                again.body();
            }
            assertEquals("to\nb", ab.next().data());
            assertEquals("to\na", ab.next().data());
            assertEquals(List.of(), ab.parser().violations());
        }
    }

    @Test
    void broadcastSaysWhatIsWrong() throws Exception {
        try (RunningExample broadcast = RunningExample.start("broadcast", server())) {
            int port = broadcast.port();
            try (TestClient bytes = post(port, "/pub", new byte[] {'a', (byte) 0xFF})) {
                assertEquals(400, bytes.status());
            }
            try (TestClient topic = post(port, "/pub?topic=%0A", utf8("x"))) {
                assertEquals(400, topic.status());
            }
            try (TestClient topic = TestClient.get(port, "/sub?topic=%0A").open()) {
                assertEquals(400, topic.status());
            }
            try (TestClient path = TestClient.get(port, "/").open()) {
                assertEquals(404, path.status());
            }
            try (TestClient path = post(port, "/elsewhere", utf8("x"))) {
                assertEquals(404, path.status());
            }
            try (TestClient method = TestClient.get(port, "/pub").open()) {
                assertEquals(405, method.status());
                assertEquals("POST", method.header("Allow").orElseThrow());
            }
            try (TestClient foreign = TestClient.get(port, "/pub")
                    .method("POST")
                    .header("Origin", "https://evil.example")
                    .body(utf8("x"))
                    .open()) {
                assertEquals(403, foreign.status(), "a foreign page must not publish");
            }
        }
    }

    @Test
    void aBodyMayHaveOneMebibyteAndNoMore() throws Exception {
        try (RunningExample broadcast = RunningExample.start("broadcast", server());
                TestClient own = TestClient.get(broadcast.port(), "/sub").open()) {
            byte[] lines = "\n".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
            try (TestClient largest = post(broadcast.port(), "/pub", lines)) {
                assertEquals(202, largest.status());
            }
            assertEquals("\n".repeat(1 << 20), own.next().data());
            try (TestClient larger = post(broadcast.port(), "/pub", new byte[(1 << 20) + 1])) {
                assertEquals(413, larger.status());
            }
        }
    }

    @Test
    void pipeShowsEachLineAndEndsWithItsInput() throws Exception {
        try (RunningExample pipe = RunningExample.start("pipe", server());
                TestClient client = TestClient.get(pipe.port(), "/").open()) {
            pipe.write("one\n\n  three €");
            assertEquals("one", client.next().data());
            assertEquals("", client.next().data());
            pipe.write("\r\nno line feed");
            assertEquals("  three €", client.next().data());
            pipe.endInput();
            ParsedEvent last = client.next();
            assertEquals("no line feed", last.data());
            assertEquals(TestClient.End.CLEAN, client.awaitEnd(SOON));
            assertEquals(List.of(), client.parser().violations());
            try (TestClient late = TestClient.get(pipe.port(), "/").open()) {
                assertEquals("one", late.next().data(), "who comes later is given what is retained");
                assertEquals(TestClient.End.CLEAN, late.awaitEnd(SOON));
            }
            try (TestClient again = TestClient.get(pipe.port(), "/")
                    .header("Last-Event-ID", last.lastEventId())
                    .open()) {
                assertEquals(204, again.status(), "who has everything stays away");
            }
        }
    }

    @Test
    void aTakenPortIsOneLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            Process process =
                    RunningExample.process(List.of("tick", "--port", "" + taken.getLocalPort(), "--server", server()));
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(1, process.waitFor());
            assertEquals(1, output.lines().count(), output);
            assertTrue(output.contains("--port"), output);
        }
    }
}
