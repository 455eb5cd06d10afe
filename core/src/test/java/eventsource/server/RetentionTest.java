package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Resume.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RetentionTest {

    private static List<String> retained(EventSourceServer server, String... topics) {
        StreamRequest request = topics.length == 0 ? StreamRequest.own() : StreamRequest.of(topics);
        Reader reader = Reader.of(server, request.fromEarliest());
        List<String> data = List.copyOf(reader.data());
        reader.subscription.cancel();
        return data;
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).toList();
    }

    @Test
    @DisplayName("RS-13: retention by bytes keeps the newest")
    void byBytes() {
        EventSourceServer server = Servers.builder().retainBytes(100_000).build();
        String data = "x".repeat(850);
        for (int i = 0; i < 1000; i++) {
            server.emit(data);
        }
        int kept = retained(server).size();
        assertTrue(kept <= 100_000 / 950 && kept >= 90, () -> kept + " events");
    }

    @Test
    void theNewestEventIsRetainedHoweverLargeItIs() {
        EventSourceServer server = Servers.builder().retainBytes(1).build();
        Reader reader = Reader.of(server, StreamRequest.own());
        server.emit("a");
        server.emit("x".repeat(5000));
        assertEquals(List.of("x".repeat(5000)), retained(server));
        assertEquals(2, reader.data().size());
    }

    @Test
    @DisplayName("RS-13: retention by count is per topic")
    void perTopic() {
        EventSourceServer server = Servers.builder().retainPerTopic(3).build();
        for (int i = 0; i < 10; i++) {
            server.emit("" + i);
            server.emit(Event.of("" + i), "a");
        }
        server.emit(Event.of("0"), "b");
        assertEquals(numbers(7, 10), retained(server));
        assertEquals(numbers(7, 10), retained(server, "a"));
        assertEquals(numbers(0, 1), retained(server, "b"));
    }

    @Test
    void whatNoTopicRetainsTakesNoBytes() {
        EventSourceServer server =
                Servers.builder().retainPerTopic(1).retainBytes(2_000).build();
        server.emit(Event.of("quiet"), "quiet");
        for (int i = 0; i < 1000; i++) {
            server.emit(Event.of("busy " + i), "busy");
        }
        assertEquals(List.of("quiet"), retained(server, "quiet"));
        assertEquals(List.of("busy 999"), retained(server, "busy"));
    }

    @Test
    void anEventInTwoTopicsStaysUntilBothHaveTrimmedIt() {
        EventSourceServer server = Servers.builder().retainPerTopic(2).build();
        server.emit(Event.of("both"), "a", "b");
        for (int i = 0; i < 5; i++) {
            server.emit(Event.of("" + i), "a");
        }
        assertEquals(numbers(3, 5), retained(server, "a"));
        assertEquals(List.of("both"), retained(server, "b"));
        assertEquals(List.of("both", "3", "4"), retained(server, "a", "b"));
    }

    @Test
    @DisplayName("OV-08: topics that only clients name leave nothing behind")
    void clientsTopicsLeaveNothingBehind() {
        Feeds feeds = new Feeds();
        for (int i = 0; i < 10_000; i++) {
            Feed feed = feeds.of(List.of("topic " + i))[0];
            feed.streams++;
            feed.streams--;
            feeds.tidy(feed);
        }
        assertEquals(0, feeds.topics());
    }

    @Test
    @DisplayName("OV-08: how far topics were trimmed is remembered for a bounded number, and never forgotten silently")
    @Tag("journal")
    void vacantTopicsAreBounded() {
        EventSourceServer server =
                Servers.builder().retainPerTopic(1).retainBytes(1).build();
        int topics = Feeds.MAX_VACANT + 10;
        String first = "";
        for (int i = 0; i < topics; i++) {
            String id = Servers.now(server.emit(Event.of("x"), "t" + i));
            if (i == 0) {
                first = id;
            }
        }
        String second = Servers.now(server.emit("last"));
        assertEquals(
                Outcome.RESUMED,
                Servers.now(server.open(StreamRequest.of("t" + (topics - 1)).after(second)))
                        .resume()
                        .outcome());
        assertEquals(
                Outcome.GAP,
                Servers.now(server.open(StreamRequest.of("t5").after(first)))
                        .resume()
                        .outcome(),
                "t5 was forgotten, and had an event after the first");
    }

    @Test
    @Tag("journal")
    void aSlowStreamThatFallsOffTheTailIsClosedAndComesBackWithAGap() {
        EventSourceServer server = Servers.builder().retainPerTopic(5).build();
        Reader slow = Reader.asking(2);
        server.outSupply(StreamRequest.own()).subscribe(slow);
        Reader fast = Reader.of(server, StreamRequest.own());
        for (int i = 0; i < 20; i++) {
            server.emit("" + i);
        }
        assertEquals(numbers(0, 20), fast.data(), "nobody waits for the slow one");
        slow.subscription.request(1);
        assertTrue(slow.completed, "closed at the end of an event");
        assertEquals(List.of("0"), slow.data(), "and never given what comes after a hole");
        assertEquals(
                Outcome.GAP,
                Servers.now(server.open(StreamRequest.own().after(slow.parser.lastEventId())))
                        .resume()
                        .outcome());
    }

    @Test
    void badBoundsAreRejectedWithWhatToChoose() {
        EventSourceServerBuilder builder = EventSourceServer.builder();
        List<Runnable> bad = List.of(
                () -> builder.retainBytes(0),
                () -> builder.retainFor(Duration.ofSeconds(-1)),
                () -> builder.retainFor(Duration.ofDays(1000)),
                () -> builder.retainPerTopic(-1),
                () -> builder.maxEventBytes(0),
                () -> builder.maxStreams(0),
                () -> builder.keepalive(Duration.ofMillis(-1)),
                () -> builder.keepalive(Duration.ofDays(2)),
                () -> builder.stall(Duration.ZERO),
                () -> builder.stall(Duration.ofSeconds(-1)),
                () -> builder.retry(Duration.ofSeconds(2), Duration.ofSeconds(1)),
                () -> builder.retry(Duration.ofSeconds(-2), Duration.ofSeconds(1)),
                () -> builder.retryWhenRefused(Duration.ofDays(2), Duration.ofDays(3)),
                () -> builder.gapEvent(""),
                () -> builder.gapEvent("a\nb"),
                () -> builder.gapEvent("error"));
        for (int i = 0; i < bad.size(); i++) {
            int at = i;
            String message = org.junit.jupiter.api.Assertions.assertThrows(
                            IllegalArgumentException.class, bad.get(i)::run, () -> "number " + at)
                    .getMessage();
            assertTrue(message.contains("choose") || message.contains("type "), message);
        }
    }

    @Test
    void topicsAreChargedAsWellAsEvents() {
        EventSourceServer server = Servers.builder().retainBytes(1 << 20).build();
        String[] topics = new String[100];
        for (int i = 0; i < 1000; i++) {
            for (int t = 0; t < topics.length; t++) {
                topics[t] = "topic " + i + " " + t;
            }
            server.emit(Event.of("x"), topics);
        }
        int kept = 0;
        for (int i = 0; i < 1000; i++) {
            kept += retained(server, "topic " + i + " 0").size();
        }
        int most = (1 << 20) / (100 * 256);
        assertTrue(kept >= 1 && kept <= most, kept + " events in " + 100 * kept + " topics");
    }
}
