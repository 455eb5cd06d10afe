package eventsource.server.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.parser.ParsedEvent;
import eventsource.server.parser.TestClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** That a client that comes back goes on where it was, or is told that it cannot; and what topics it may ask for. */
@Proves(Proves.RESUME)
abstract class ResumeContract extends HttpContract {

    private static void assertResumed(TestClient client) {
        assertEquals(
                Optional.of("resumed"), client.header("EventSource-Resume"), "promise 2, resume: its id is retained");
    }

    private static List<String> emitNumbered(EventSourceServer server, int from, int to) {
        List<String> ids = new ArrayList<>();
        for (int i = from; i <= to; i++) {
            ids.add(emit(server, "event " + i));
        }
        return ids;
    }

    private static List<String> numbered(int from, int to) {
        List<String> data = new ArrayList<>();
        for (int i = from; i <= to; i++) {
            data.add("event " + i);
        }
        return data;
    }

    @Test
    @DisplayName("RS-01 a client that comes back is given everything since its last event, once, in order, then live")
    void resumes() {
        EventSourceServer server = serve();
        List<String> ids = emitNumbered(server, 1, 100);
        TestClient client = resume(ids.get(39));
        assertResumed(client);
        assertEquals(numbered(41, 100), dataOf(client, 60), "promise 2, resume: every event after it, once, in order");
        emitNumbered(server, 101, 110);
        assertEquals(numbered(101, 110), dataOf(client, 10), "promise 2, resume: then live");
    }

    @Test
    @DisplayName("WF-09 a connection that is cut at any byte costs its client no event and doubles none")
    void cutAnywhere() {
        EventSourceServer server = serve();
        String anchor = emit(server, "before");
        server.emit(Event.of("one"), "a");
        server.emit(Event.of("tick", "two\nlines").withId("2"), "a");
        server.emit(Event.of("three"), "a");
        List<String> all = List.of("one", "two\nlines", "three");

        TestClient whole = resumeTopics(anchor, "a", "b");
        assertEquals(all, dataOf(whole, 3));
        long length = whole.bytesRead();
        whole.cut();
        for (int cut = 0; cut <= length; cut++) {
            List<String> received = new ArrayList<>();
            TestClient first = resumeTopics(anchor, "a", "b");
            first.readExactly(cut);
            first.cut();
            received.addAll(dataOf(first.drain()));
            String committed = first.parser().lastEventId();
            TestClient second = resumeTopics(committed.isEmpty() ? anchor : committed, "a", "end" + cut);
            server.emit(Event.of("end"), "end" + cut);
            for (String data = second.next().data();
                    !data.equals("end");
                    data = second.next().data()) {
                received.add(data);
            }
            second.cut();
            assertEquals(all, received, "promise 2, resume: an event was lost or doubled after a cut at byte " + cut);
        }
    }

    private TestClient resumeTopics(String lastEventId, String one, String other) {
        String target = "/?" + TOPIC + "=" + one + "&" + TOPIC + "=" + other;
        TestClient client = openStream(get(target).headerUtf8("Last-Event-ID", lastEventId));
        assertResumed(client);
        return client;
    }

    @Test
    @Proves(Proves.TOLD)
    @DisplayName("RS-03 a client whose place is no longer retained is told, in the head and before any other event")
    void gapIsTold() {
        EventSourceServer server = serve(options -> options.retainPerTopic(2).gapEvent("gap"));
        List<String> ids = emitNumbered(server, 1, 5);
        TestClient client = resume(ids.get(0));
        assertEquals(Optional.of("gap"), client.header("EventSource-Resume"), "promise 3, told: in the head");
        ParsedEvent gap = client.next();
        assertEquals("gap", gap.type(), "promise 3, told: before any other event");
        assertEquals(
                "{\"after\":\"" + ids.get(0) + "\",\"from\":\"" + gap.lastEventId() + "\"}",
                gap.data(),
                "promise 3, told: what is missing");
        assertEquals(numbered(4, 5), dataOf(client, 2), "what is still retained comes after the gap");
        TestClient again = resume(gap.lastEventId());
        assertResumed(again);
        assertEquals(
                numbered(4, 5), dataOf(again, 2), "the id of the gap stands for the place where the stream starts");
        emitNumbered(server, 6, 6);
        assertEquals(numbered(6, 6), dataOf(client, 1));
    }

    @Test
    @Proves(Proves.TOLD)
    @DisplayName("RS-04 a last event id that is none of this server's makes a gap that is told")
    void foreignIds() {
        EventSourceServer server = serve(options -> options.gapEvent("gap"));
        String id = emit(server, "retained");
        List<byte[]> foreign = List.of(
                "unknown".getBytes(StandardCharsets.US_ASCII),
                id.substring(0, id.length() - 1).getBytes(StandardCharsets.US_ASCII),
                ("~other" + id.substring(id.lastIndexOf('-'))).getBytes(StandardCharsets.US_ASCII),
                "\"}".getBytes(StandardCharsets.US_ASCII),
                "\u00FC".getBytes(StandardCharsets.UTF_8),
                new byte[] {(byte) 0x80, (byte) 0xFF, (byte) 0xFE, (byte) 0xC3});
        for (byte[] lastEventId : foreign) {
            TestClient client = open(get("/").header("Last-Event-ID", lastEventId));
            if (client.status() == 400 && lastEventId[lastEventId.length - 1] < 0) {
                continue; // a host may refuse what is no text
            }
            assertEquals(200, client.status());
            assertEquals(Optional.of("gap"), client.header("EventSource-Resume"), "promise 3, told: nothing is proved");
            assertEquals("gap", client.next().type());
            assertEquals("retained", client.next().data());
        }
        TestClient huge = open(get("/").header("Last-Event-ID", "x".repeat(10 << 10)));
        assertTrue(
                huge.header("EventSource-Resume").equals(Optional.of("gap")) || huge.status() / 100 == 4,
                () -> "10 KiB of last event id were answered " + huge.status());
    }

    @Test
    @DisplayName("RS-05 an empty last event id counts as none")
    void emptyIds() {
        EventSourceServer server = serve();
        server.emit("before");
        TestClient client = resume("");
        assertEquals(Optional.of("live"), client.header("EventSource-Resume"));
        server.emit("next");
        assertEquals("next", client.next().data());
    }

    @Test
    @DisplayName("RS-06 a last event id in the query counts, unless there is one in the header")
    void idsInQueries() {
        EventSourceServer server = serve();
        List<String> ids = emitNumbered(server, 1, 3);
        for (String name : List.of("last_event_id", "lastEventId", "lastEventID")) {
            TestClient byQuery = openStream(get("/?" + name + "=" + ids.get(0)));
            assertResumed(byQuery);
            assertEquals(numbered(2, 3), dataOf(byQuery, 2));
        }
        TestClient both = openStream(get("/?last_event_id=" + ids.get(0)).header("Last-Event-ID", ids.get(1)));
        assertResumed(both);
        assertEquals(numbered(3, 3), dataOf(both, 1), "the header comes first");
    }

    @Test
    @DisplayName("RS-07 a last event id is read as the UTF-8 that it was sent as")
    void utf8Ids() {
        EventSourceServer server = serve();
        for (String id : List.of("\u00FC", "\u65E5\u672C", "\uD83D\uDE00", "a b")) {
            server.emit(Event.of("marked").withId(id));
            server.emit("after " + id);
            TestClient byHeader = resume(id);
            assertResumed(byHeader);
            assertEquals("after " + id, byHeader.next().data());
            TestClient byQuery = openStream(get("/?last_event_id=" + URLEncoder.encode(id, StandardCharsets.UTF_8)));
            assertResumed(byQuery);
            assertEquals("after " + id, byQuery.next().data());
        }
    }

    @Test
    @Proves(Proves.ORDER)
    @DisplayName("RS-09 a client may have several topics, and an event in two of them once; all resume by one id")
    void topics() {
        EventSourceServer server = serve();
        TestClient both = openStream(get("/?" + TOPIC + "=a&" + TOPIC + "=b"));
        TestClient one = openStream(get("/?" + TOPIC + "=b"));
        TestClient own = openStream();
        String first = server.emit(Event.of("a1"), "a").toCompletableFuture().join();
        server.emit(Event.of("b1"), "b");
        server.emit(Event.of("ab"), "a", "b");
        server.emit(Event.of("c1"), "c");
        server.emit("own");
        server.emit(Event.of("a2"), "a");
        server.emit(Event.of("b2"), "b");
        assertEquals(
                List.of("a1", "b1", "ab", "a2", "b2"), dataOf(both, 5), "promise 1, order: across topics, each once");
        assertEquals(List.of("b1", "ab", "b2"), dataOf(one, 3), "a client gets the topics that it asked for");
        assertEquals(List.of("own"), dataOf(own, 1), "without a topic, a client gets the server's own stream");
        TestClient back = openStream(get("/?" + TOPIC + "=a&" + TOPIC + "=b").header("Last-Event-ID", first));
        assertResumed(back);
        assertEquals(List.of("b1", "ab", "a2", "b2"), dataOf(back, 4), "one id is the place in all topics");
    }
}
