package eventsource.server.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.StreamEnd;
import eventsource.server.parser.TestClient;
import eventsource.server.parser.TestRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What networks do to connections. */
@Proves(Proves.ISOLATION)
abstract class NetworkContract extends IsolationContract {

    private TestRequest through(FaultProxy proxy) {
        return get(proxy.port(), "/");
    }

    @Test
    @DisplayName("DC-02 a client whose network takes nothing any more costs no more than the time of a stall")
    void networkThatTakesNothing() throws Exception {
        EventSourceServer server = serve(options -> options.stall(SHORT_STALL));
        try (FaultProxy proxy = FaultProxy.to(port())) {
            TestClient lost = openStream(through(proxy));
            TestClient healthy = openStream();
            String id = emit(server, "before");
            assertEquals("before", lost.next().data());
            assertEquals("before", healthy.next().data());
            proxy.hold();
            emitMoreThanIsHidden(server, healthy);
            StreamEnd end = heard.nextEnd();
            assertTrue(
                    Set.of(StreamEnd.STALLED, StreamEnd.LAGGED).contains(end),
                    () -> "a client that takes nothing is closed for that, but this one was " + end);
            proxy.heal();
            TestClient back = openStream(through(proxy).headerUtf8("Last-Event-ID", id));
            assertEquals(Optional.of("resumed"), back.header("EventSource-Resume"));
            assertTrue(("0" + PADDING).equals(back.next().data()), "promise 2, resume: nothing is missing");
        }
    }

    @Test
    @Proves(Proves.RESUME)
    @DisplayName("DC-02 a client whose network loses everything costs no more than a lifetime, and misses nothing")
    void networkThatLosesEverything() throws Exception {
        Duration life = Duration.ofSeconds(3);
        EventSourceServer server = serve(options -> options.lifetime(life, life));
        try (FaultProxy proxy = FaultProxy.to(port())) {
            String first = emit(server, "first");
            String id = emit(server, "before");
            // It is given something, however short its life.
            TestClient lost = openStream(through(proxy).headerUtf8("Last-Event-ID", first));
            assertEquals("before", lost.next().data());
            proxy.blackHole();
            emit(server, "lost");
            assertEquals(StreamEnd.EXPIRED, heard.nextEnd(), "nothing else can end a stream that seems to be taken");
            proxy.heal();
            TestClient back = openStream(through(proxy).headerUtf8("Last-Event-ID", id));
            assertEquals("lost", back.next().data(), "promise 2, resume: what the network has lost, too");
        }
    }

    @Test
    @Proves(Proves.WIRE)
    @DisplayName(
            "WF-19 events arrive whole, and in order, over a network that is slow, uneven, and cuts everything small")
    void poorNetwork() {
        EventSourceServer server = serve();
        try (FaultProxy proxy = FaultProxy.to(port())) {
            proxy.slice(7);
            proxy.latency(Duration.ofMillis(5));
            proxy.jitter(Duration.ofMillis(5));
            TestClient client = openStream(through(proxy).timeout(soon().multipliedBy(2)));
            for (int i = 0; i < 5; i++) {
                emit(server, i + "\n\u00FC\uD83D\uDE00");
            }
            emit(server, PADDING + "y");
            for (int i = 0; i < 5; i++) {
                assertEquals(i + "\n\u00FC\uD83D\uDE00", client.next().data());
            }
            assertTrue((PADDING + "y").equals(client.next().data()), "a large event arrived changed");
        }
    }
}
