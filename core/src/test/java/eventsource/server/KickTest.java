package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Streams that an application finds again by what it noted about them. */
class KickTest {

    private final List<String> closed = new ArrayList<>();
    private final EventSourceServer server = Servers.builder()
            .listener(new StreamListener() {
                @Override
                public void closed(EventStream stream, StreamEnd end) {
                    closed.add(stream.request().attributes().get("user") + " " + end);
                }
            })
            .build();

    private Reader open(String user) {
        return Reader.of(server, StreamRequest.own().with("user", user));
    }

    private int end(String user) {
        return Servers.now(
                server.end(request -> user.equals(request.attributes().get("user"))));
    }

    @Test
    void theStreamsOfOneUserEndAndTheOthersGoOn() {
        Reader ann = open("ann");
        Reader bob = open("bob");
        Reader annAgain = open("ann");
        Reader nobody = Reader.of(server, StreamRequest.own());
        assertEquals(2, end("ann"));
        server.emit("x");
        assertTrue(ann.completed && annAgain.completed);
        assertEquals(List.of(), ann.data());
        assertEquals(List.of("x"), bob.data());
        assertEquals(List.of("x"), nobody.data());
        assertEquals(List.of("ann ENDED", "ann ENDED"), closed);
        assertEquals(0, end("ann"));
        Reader back = open("ann");
        assertFalse(back.hasEnded(), "who comes back is the application's to turn away");
    }

    @Test
    void aStreamThatHasEndedIsNeitherCountedNorShown() {
        Reader gone = open("ann");
        open("ann");
        open("ann");
        open("bob");
        gone.subscription.cancel();
        assertEquals(3, server.figures().streams());
        assertEquals(3, Servers.now(server.streams()).size());
        assertEquals(2, end("ann"));
        assertEquals(List.of("ann CANCELLED", "ann ENDED", "ann ENDED"), closed);
    }

    @Test
    void streamsAreShownWithWhatTheyAskForAndHowFarTheyLag() {
        Reader slow = Reader.asking(1);
        server.outSupply(StreamRequest.own().with("user", "ann")).subscribe(slow);
        open("bob");
        server.emit("1");
        server.emit("2");
        List<String> shown = Servers.now(server.streams()).stream()
                .map(stream -> stream.request().attributes().get("user") + " " + stream.lag())
                .sorted()
                .toList();
        assertEquals(List.of("ann 2", "bob 0"), shown);
        assertThrows(
                UnsupportedOperationException.class, // the list is the caller's to read, not to change
                () -> Servers.now(server.streams()).clear());
    }

    @Test
    void aStreamForWhichThePredicateThrowsGoesOn() {
        Reader nobody = Reader.of(server, StreamRequest.own());
        Reader ann = open("ann");
        int ended = Servers.now(
                server.end(request -> request.attributes().get("user").equals("ann")));
        assertEquals(1, ended);
        assertTrue(ann.completed);
        assertFalse(nobody.hasEnded());
    }

    @Test
    void attributesAreTheRequestsOwn() {
        StreamRequest request = StreamRequest.own().with("user", "ann");
        StreamRequest other = request.with("user", "bob").with("tenant", 7);
        assertEquals(Map.of("user", "ann"), request.attributes());
        assertEquals(Map.of("user", "bob", "tenant", 7), other.after("x").attributes());
        assertThrows(
                UnsupportedOperationException.class, // requests are immutable
                () -> request.attributes().put("x", "y"));
        assertEquals(Map.of(), StreamRequest.own().attributes());
        assertFalse(other.toString().contains("bob"), "they are private");
    }
}
