package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.parser.ParsedEvent;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EmitTest {

    private final EventSourceServer server = Servers.create();

    @Test
    void theThreeFormsReachEveryClientInTheirOrder() {
        Reader one = Reader.of(server, StreamRequest.own());
        Reader other = Reader.of(server, StreamRequest.own());
        String a = Servers.now(server.emit("a"));
        String b = Servers.now(server.emit("tick", "b"));
        String c = Servers.now(server.emit(Event.of("c").withId("7")));
        List<ParsedEvent> expected = List.of(
                new ParsedEvent("message", "a", a),
                new ParsedEvent("tick", "b", b),
                new ParsedEvent("message", "c", c));
        assertEquals(expected, one.parser.events());
        assertEquals(expected, other.parser.events());
        assertEquals("7", c);
    }

    @Test
    void aTopicReachesThoseWhoAskForIt() {
        Reader own = Reader.of(server, StreamRequest.own());
        Reader a = Reader.of(server, StreamRequest.of("a"));
        Reader ab = Reader.of(server, StreamRequest.of("a", "b"));
        server.emit("own");
        server.emit(Event.of("1"), "a");
        server.emit(Event.of("2"), "b");
        server.emit(Event.of("3"), "c");
        server.emit(Event.of("4"), "b", "a");
        assertEquals(List.of("own"), own.data());
        assertEquals(List.of("1", "4"), a.data());
        assertEquals(List.of("1", "2", "4"), ab.data(), "an event in two topics comes once");
    }

    @Test
    void oneOrderOverSeveralTopicsAlsoForWhoeverCatchesUp() {
        for (int i = 0; i < 30; i++) {
            server.emit(Event.of("" + i), i % 3 == 0 ? "a" : i % 3 == 1 ? "b" : "c");
        }
        Reader late = Reader.of(server, StreamRequest.of("c", "a", "b").fromEarliest());
        assertEquals(
                java.util.stream.IntStream.range(0, 30)
                        .mapToObj(String::valueOf)
                        .toList(),
                late.data());
    }

    @Test
    @DisplayName("WF-18: an event above the limit is rejected, reaches nobody and stops nothing")
    void aRejectedEventReachesNobody() {
        EventSourceServer small = Servers.builder().maxEventBytes(20).build();
        Reader reader = Reader.of(small, StreamRequest.own());
        small.emit("before");
        String message = assertThrows(IllegalArgumentException.class, () -> small.emit("x".repeat(14)))
                .getMessage();
        assertTrue(message.contains("maxEventBytes"), message);
        assertThrows(IllegalArgumentException.class, () -> small.emit(Event.of("x"), "a\nb"));
        assertThrows(IllegalArgumentException.class, () -> small.emit("a\nb", "x"));
        small.emit("x".repeat(13));
        assertEquals(List.of("before", "x".repeat(13)), reader.data());
    }

    @Test
    void afterStopAnEventIsRefused() {
        Reader reader = Reader.of(server, StreamRequest.own());
        server.stop();
        var refused = server.emit("late").toCompletableFuture();
        assertInstanceOf(
                IllegalStateException.class,
                assertThrows(CompletionException.class, refused::join).getCause());
        assertEquals(List.of(), reader.data());
    }

    @Test
    void aCallersStageCannotBeCompletedByTheCaller() {
        assertFalse(server.emit("x").toCompletableFuture().complete("forged"));
    }

    @Test
    void everythingPendingComesInOneElementOfUpTo64KiB() {
        Reader reader = Reader.asking(1);
        server.outSupply(StreamRequest.own()).subscribe(reader);
        String kilobyte = "x".repeat(1000);
        for (int i = 0; i < 100; i++) {
            server.emit(kilobyte);
        }
        reader.subscription.request(1);
        assertEquals(2, reader.elements.size());
        int length = reader.buffers.get(1).remaining();
        assertTrue(length <= 64 * 1024 && length > 63 * 1024, () -> "length " + length);
        assertTrue(reader.elements.get(1).endsWith("\n\n"), "whole events only");
        reader.subscription.request(10);
        assertEquals(100, reader.data().size());
        assertEquals(3, reader.elements.size());
    }

    @Test
    void aLargerEventIsAnElementOfItsOwn() {
        Reader reader = Reader.asking(1);
        server.outSupply(StreamRequest.own()).subscribe(reader);
        server.emit("a");
        server.emit("x".repeat(100_000));
        server.emit("b");
        reader.subscription.request(10);
        assertEquals(4, reader.elements.size());
        assertEquals(List.of("a", "x".repeat(100_000), "b"), reader.data());
    }
}
