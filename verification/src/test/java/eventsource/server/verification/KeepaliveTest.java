package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import eventsource.server.StreamEnd;
import eventsource.server.StreamRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class KeepaliveTest {

    private static final Duration AN_HOUR = Duration.ofHours(1);

    private final SteppedServer stepped = new SteppedServer(options -> options.keepalive(Duration.ofSeconds(15)));

    @Test
    void aSilentStreamIsSentOneCommentLineAfterEachSilence() {
        Client client = stepped.eagerClient();

        stepped.advanceMillis(14_999);
        assertEquals(0, client.heartbeats());
        stepped.advanceMillis(1);
        assertEquals(1, client.heartbeats());
        stepped.advanceMillis(14_999);
        assertEquals(1, client.heartbeats());
        stepped.advanceMillis(1);
        assertEquals(2, client.heartbeats());
        assertEquals(3, client.elements(), "the prelude and two heartbeats");
        client.assertNoFault();
    }

    @Test
    void aHeartbeatIsACommentLineAndNothingElse() {
        List<String> elements = new ArrayList<>();
        stepped.server.outSupply(StreamRequest.own()).subscribe(new Texts(elements));

        stepped.clock.advance(Duration.ofSeconds(15));

        assertEquals(List.of(":\n"), elements.subList(1, elements.size()));
    }

    @Test
    void anEventBeginsTheSilenceAnew() {
        Client client = stepped.eagerClient();
        stepped.advanceMillis(10_000);
        stepped.server.emit("event");

        stepped.advanceMillis(14_999);
        assertEquals(0, client.heartbeats());
        stepped.advanceMillis(1);
        assertEquals(1, client.heartbeats());
    }

    @Test
    void aStreamIsNeverSentAHeartbeatThatItDidNotAskFor() {
        Client client = Client.idle().on(stepped.server.outSupply(StreamRequest.own()), 1);

        stepped.advanceMillis(15_000 + 9_000);

        assertEquals(1, client.elements(), "the prelude");
        client.assertNoFault();
    }

    @Test
    void aHeartbeatThatWasDueIsSentAsSoonAsTheStreamCanTakeIt() {
        Client client = Client.idle().on(stepped.server.outSupply(StreamRequest.own()), 1);
        stepped.advanceMillis(16_000);

        client.request(1);

        assertEquals(1, client.heartbeats());
        stepped.advanceMillis(14_000);
        stepped.assertEnds();
        client.request(1);
        stepped.advanceMillis(1_000 + 100);
        assertEquals(2, client.heartbeats());
    }

    @Test
    void aClientThatWasBehindWhenAHeartbeatWasDueIsNotLeftInSilenceForAWholeStall() {
        SteppedServer often = new SteppedServer(
                options -> options.keepalive(Duration.ofSeconds(1)).stall(Duration.ofMinutes(1)));
        Client client = Client.idle().on(often.server.outSupply(StreamRequest.own()), 1);
        often.server.emit("event");
        often.advanceMillis(1_100);

        client.request(2);
        assertEquals(0, client.heartbeats());
        often.advanceMillis(2_000);

        assertEquals(1, client.heartbeats());
    }

    @Test
    void aKeepaliveOfZeroSendsNone() {
        SteppedServer quiet = new SteppedServer(options -> options.keepalive(Duration.ZERO));
        Client client = quiet.eagerClient();

        quiet.clock.advance(AN_HOUR);

        assertEquals(1, client.elements(), "the prelude");
        assertFalse(client.hasEnded());
        quiet.assertEnds();
    }

    @Test
    void afterALongPauseThereIsOneHeartbeatAndHealthyStreamsGoOn() {
        Client inNeedOfNothing = stepped.eagerClient();
        Client lateToAsk = Client.idle().on(stepped.server.outSupply(StreamRequest.own()), 1);

        stepped.pause(AN_HOUR);
        stepped.advanceMillis(200);

        assertEquals(1, inNeedOfNothing.heartbeats());
        stepped.assertEnds();
        lateToAsk.request(2);
        stepped.server.emit("event");
        stepped.advanceMillis(10_000);
        assertEquals(List.of("event"), inNeedOfNothing.data());
        assertEquals(List.of("event"), lateToAsk.data());
        stepped.assertEnds();
    }

    @Test
    void anHourOfSilenceHasOneHeartbeatForEachInterval() {
        Client client = stepped.eagerClient();

        stepped.clock.advance(AN_HOUR);

        assertEquals(AN_HOUR.toSeconds() / 15, client.heartbeats());
        client.cancel();
        stepped.assertEnds(StreamEnd.CANCELLED);
        stepped.assertNothingScheduled();
    }

    /** Keeps each element as it came. */
    private record Texts(List<String> elements) implements Flow.Subscriber<ByteBuffer> {

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ByteBuffer bytes) {
            elements.add(StandardCharsets.UTF_8.decode(bytes).toString());
        }

        @Override
        public void onError(Throwable failure) {
            elements.add(failure.toString());
        }

        @Override
        public void onComplete() {
            elements.add("the end");
        }
    }
}
