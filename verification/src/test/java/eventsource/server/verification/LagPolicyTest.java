package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.EventSourceServerBuilder;
import eventsource.server.EventStream;
import eventsource.server.LagPolicy;
import eventsource.server.StreamEnd;
import eventsource.server.StreamListener;
import eventsource.server.StreamRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What becomes of a client that falls off the tail, by policy: it is never given what comes after a hole unawares. */
class LagPolicyTest {

    private static final int RETAINED = 3;

    private final List<String> heard = new ArrayList<>();
    private final StreamListener listener = new StreamListener() {
        @Override
        public void lagged(EventStream stream, long events) {
            heard.add("lagged by " + events);
        }

        @Override
        public void closed(EventStream stream, StreamEnd end) {
            heard.add("closed " + end);
        }
    };
    private final EventSourceServerBuilder options = EventSourceServer.builder()
            .executor(Runnable::run)
            .listener(listener)
            .gapEvent(Received.GAP)
            .retainPerTopic(RETAINED);

    private static Client slow(EventSourceServer server) {
        return Client.idle().on(server.outSupply(StreamRequest.own()), 1);
    }

    private static List<String> emit(EventSourceServer server, int from, int to) {
        List<String> ids = new ArrayList<>();
        for (int i = from; i < to; i++) {
            ids.add(server.emit("" + i).toCompletableFuture().join());
        }
        return ids;
    }

    @Test
    @DisplayName("SC-04: by default it is closed, between events, and its place is proved lost when it comes back")
    void closed() {
        EventSourceServer server = options.build();
        Client client = slow(server);
        emit(server, 0, RETAINED + 1);
        client.request(10);

        assertEquals(List.of("closed LAGGED"), heard);
        assertEquals(List.of(), client.data());
        client.assertNoFault();
    }

    @Test
    @DisplayName("SC-04: where it skips, it is told of the gap first, once for each time that it lags, and goes on")
    void skipped() {
        EventSourceServer server = options.lag(LagPolicy.SKIP).build();
        Client client = slow(server);
        List<String> ids = emit(server, 0, 10);
        client.request(10);
        emit(server, 10, 12);

        assertEquals(Received.GAP, client.events().get(0).type());
        assertEquals(ids.get(6), client.events().get(0).lastEventId(), "the place before what follows");
        assertEquals(
                List.of("7", "8", "9", "10", "11"),
                client.data().subList(1, client.data().size()));
        assertEquals(List.of("lagged by 7"), heard);
        assertFalse(client.hasEnded());
        client.assertNoFault();
    }

    @Test
    @DisplayName("SC-04: where the newest of each key is enough, it is given that, in order, and no gap")
    void newestPerKey() {
        EventSourceServer server =
                options.keys(10).lag(LagPolicy.NEWEST_PER_KEY).build();
        Client client = slow(server);
        for (int i = 0; i < 20; i++) {
            server.emit(Event.of("" + i).withKey(i == 5 ? "rare" : "key " + i % 2));
        }
        client.request(10);
        server.emit(Event.of("20").withKey("key 0"));

        assertEquals(List.of("5", "18", "19", "20"), client.data());
        assertEquals(1, heard.size(), heard::toString);
        assertFalse(client.hasEnded());
        client.assertNoFault();
    }
}
