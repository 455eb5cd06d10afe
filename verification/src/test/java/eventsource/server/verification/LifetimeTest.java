package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.StreamEnd;
import eventsource.server.StreamRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Streams that end when they have lived for as long as they may. */
class LifetimeTest {

    private static final StreamRequest OWN = StreamRequest.own();

    private final SteppedServer ageless = new SteppedServer(options -> options.keepalive(Duration.ZERO));
    private final SteppedServer mortal = new SteppedServer(
            options -> options.keepalive(Duration.ZERO).lifetime(Duration.ofSeconds(10), Duration.ofSeconds(20)));

    @Test
    @DisplayName("HB-04: streams that began together do not end together")
    void lifetimesAreSpreadBetweenTheBounds() {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            clients.add(mortal.eagerClient());
        }
        mortal.advanceMillis(9_999);
        assertEquals(List.of(), mortal.endings.inOrder());
        int before = 0;
        for (int second = 11; second <= 20; second++) {
            mortal.advanceMillis(1_000);
            int ended = mortal.endings.inOrder().size();
            assertTrue(ended - before > 10 && ended - before < 90, ended - before + " in second " + second);
            before = ended;
        }
        mortal.advanceMillis(101);
        assertEquals(400, mortal.endings.inOrder().size());
        assertTrue(mortal.endings.inOrder().stream().allMatch(StreamEnd.EXPIRED::equals));
        clients.forEach(client -> {
            assertTrue(client.hasEnded());
            assertNull(client.error());
            client.assertNoFault();
        });
        mortal.assertNothingScheduled();
    }

    @Test
    void withoutALifetimeStreamsLive() {
        Client client = ageless.eagerClient();
        ageless.advanceMillis(Duration.ofDays(2).toMillis());
        assertFalse(client.hasEnded());
    }

    @Test
    void aStreamThatExpiresEndsBetweenEventsAndItsClientGoesOn() {
        SteppedServer exact = new SteppedServer(
                options -> options.keepalive(Duration.ZERO).lifetime(Duration.ofSeconds(20), Duration.ofSeconds(20)));
        Client client = Client.idle().on(exact.server, OWN);
        exact.advanceMillis(19_000);
        exact.server.emit("1");
        client.request(1);
        exact.server.emit("2");
        exact.server.emit("3");
        exact.advanceMillis(1_200);
        assertFalse(client.hasEnded(), "what was handed over last is still being written");
        client.request(1);
        exact.assertEnds(StreamEnd.EXPIRED);
        assertEquals(List.of("1"), client.data());
        assertNull(client.error());
        client.assertNoFault();
        Client again = Client.eager().on(exact.server, OWN.after(client.lastEventId()));
        assertEquals(List.of("2", "3"), again.data());
    }

    @Test
    void aStreamThatExpiresAndTakesNothingIsAborted() {
        Client client = Client.idle().on(mortal.server, OWN);
        mortal.advanceMillis(20_101);
        assertFalse(client.hasEnded());
        mortal.advanceMillis(10_101);
        mortal.assertEnds(StreamEnd.STALLED);
        assertInstanceOf(TimeoutException.class, client.error());
    }

    @Test
    void aStreamEndsAtTheTimeOfItsRequest() {
        Client client =
                Client.eager().on(ageless.server, OWN.until(Instant.now().plusSeconds(600)));
        ageless.advanceMillis(540_000); // the test itself has a minute
        assertFalse(client.hasEnded());
        ageless.server.emit("1");
        ageless.advanceMillis(60_101);
        ageless.assertEnds(StreamEnd.EXPIRED);
        assertEquals(List.of("1"), client.data());
        assertNull(client.error());
    }

    @Test
    void aTimeThatHasPassedEndsTheStreamAtOnce() {
        EventStream stream = ageless.open(OWN.until(Instant.now().minusSeconds(1)));
        Client.eager().on(stream.body(), 1);
        ageless.open(OWN.until(Instant.MIN));
        ageless.advanceMillis(100);
        ageless.assertEnds(StreamEnd.EXPIRED, StreamEnd.EXPIRED);
    }

    @Test
    void whateverComesFirstCounts() {
        Client early = Client.eager().on(mortal.server, OWN.until(Instant.now().plusSeconds(5)));
        Client late = Client.eager().on(mortal.server, OWN.until(Instant.now().plusSeconds(5_000)));
        Client never = Client.eager().on(mortal.server, OWN.until(Instant.MAX));
        mortal.advanceMillis(5_101);
        assertTrue(early.hasEnded() && !late.hasEnded() && !never.hasEnded());
        mortal.advanceMillis(15_000);
        mortal.assertEnds(StreamEnd.EXPIRED, StreamEnd.EXPIRED, StreamEnd.EXPIRED);
    }

    @Test
    void aLifetimeIsFromTheShorterToTheLonger() {
        var options = EventSourceServer.builder();
        Duration second = Duration.ofSeconds(1);
        assertThrows(IllegalArgumentException.class, () -> options.lifetime(Duration.ZERO, second));
        assertThrows(IllegalArgumentException.class, () -> options.lifetime(second, Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> options.lifetime(second, Duration.ofDays(2)));
        options.lifetime(second, second);
    }
}
