package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FiguresTest {

    private final EventSourceServer server =
            Servers.builder().retainPerTopic(2).keys(10).maxStreams(3).build();

    @Test
    void aNewServerHasDoneNothing() {
        assertEquals(new Figures(true, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), server.figures());
    }

    @Test
    void streamsAreCountedWhileTheyAreOpenAndForEver() {
        Reader one = Reader.of(server, StreamRequest.own());
        Reader.of(server, StreamRequest.of("a", "b"));
        Reader.of(server, StreamRequest.own().after("unknown"));
        Reader.of(server, StreamRequest.own()); // one too many
        assertEquals(3, server.figures().streams());
        one.subscription.cancel();
        Figures figures = server.figures();
        assertEquals(2, figures.streams());
        assertEquals(3, figures.opened());
        assertEquals(1, figures.gaps());
        assertEquals(0, figures.lagged() + figures.stalled());
    }

    @Test
    void anEventIsEmittedOnceAndDeliveredToEachStream() {
        Reader one = Reader.of(server, StreamRequest.own());
        Reader other = Reader.of(server, StreamRequest.own());
        Reader.of(server, StreamRequest.of("elsewhere"));
        server.emit("1");
        server.emit("2");
        server.emit(Event.of("3"), "nobody");
        Figures figures = server.figures();
        assertEquals(3, figures.emitted());
        assertEquals(4, figures.delivered());
        String elsewhere = ":\nretry: 1234\n";
        assertEquals(one.text().length() + other.text().length() + elsewhere.length(), figures.bytes());
    }

    @Test
    void theNewestPerKeyIsDeliveredToo() {
        server.emit(Event.of("1").withKey("a"));
        server.emit(Event.of("2").withKey("b"));
        Reader.of(server, StreamRequest.own().newestPerKeyFirst());
        assertEquals(2, server.figures().delivered());
    }

    @Test
    void whatIsRetainedIsCounted() {
        for (int i = 0; i < 5; i++) {
            server.emit("" + i);
        }
        server.emit(Event.of("x"), "a", "b");
        Figures figures = server.figures();
        assertEquals(3, figures.retainedEvents());
        assertTrue(figures.retainedBytes() > 3 * 96 + 3 * 256, figures::toString);
        assertEquals(2, figures.topics(), "the server's own stream is no topic");
        assertEquals(0, figures.selectors());
        server.stop();
        assertEquals(0, server.figures().retainedEvents());
        assertEquals(0, server.figures().retainedBytes());
    }

    @Test
    void anEventThatIsRetainedAndTheNewestOfItsKeyCountsOnce() {
        Reader.of(server, StreamRequest.all());
        for (int i = 0; i < 5; i++) {
            server.emit(Event.of("" + i).withKey("k" + i));
        }
        // The topic has trimmed three of them; the selector has all five.
        assertEquals(5, server.figures().retainedEvents());
        assertEquals(1, server.figures().selectors());
    }

    @Test
    void allThatIsChargedIsGivenBack() {
        Reader.of(server, StreamRequest.matching(Selector.prefix("a")));
        for (int i = 0; i < 5; i++) {
            server.emit(Event.of("" + i).withKey("k" + i).withLabel("l", "v").withId("id" + i), "a");
        }
        // A feed that begins with events that their topic keeps as the newest of their key only.
        Reader later = Reader.of(server, StreamRequest.matching(topic -> true));
        server.emit(Event.of("5").withKey("k0"), "a", "b");
        later.subscription.cancel();
        server.stop();
        assertEquals(0, server.figures().retainedEvents());
        assertEquals(0, server.figures().retainedBytes());
    }
}
