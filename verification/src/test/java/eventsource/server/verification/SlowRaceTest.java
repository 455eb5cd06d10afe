package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventStream;
import eventsource.server.StreamEnd;
import eventsource.server.StreamRequest;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A slow stream stalls, lags, catches up and is stopped within a few instructions: one of these counts, and is told. */
@Timeout(300)
class SlowRaceTest {

    private static final int ROUNDS = 20_000;
    private static final Duration STALL = Duration.ofSeconds(10);

    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final Map<StreamEnd, Integer> ends = new EnumMap<>(StreamEnd.class);

    /** A stream that has one event pending when its time is up. */
    private final class SlowStream implements Duel.Round {

        private final SteppedServer stepped = new SteppedServer(
                options -> options.stall(STALL).retainPerTopic(3).keepalive(Duration.ZERO));
        private final EventStream stream = stepped.open(StreamRequest.own());
        private final Client client = Client.idle().on(stream.body(), 1);
        private final boolean stops = random.nextBoolean();
        private final boolean takes = random.nextBoolean();
        private final int more = random.nextInt(5);
        private int emitted;

        SlowStream() {
            emit();
            stepped.advanceMillis(STALL.toMillis() - 1);
        }

        private void emit() {
            stepped.server.emit("event " + emitted++);
        }

        @Override
        public void one() {
            stepped.advanceMillis(200);
        }

        @Override
        public void other() {
            for (int i = 0; i < more; i++) {
                emit();
            }
            if (takes) {
                client.request(1);
            }
            if (stops) {
                stepped.server.stop();
            }
        }

        @Override
        public void check() {
            stepped.server.stop();
            client.request(100);
            List<StreamEnd> heard = stepped.endings.of(stream);
            assertEquals(1, heard.size(), this::toString);
            StreamEnd end = heard.get(0);
            ends.merge(end, 1, Integer::sum);
            assertTrue(client.hasEnded(), this::toString);
            if (end == StreamEnd.STALLED) {
                assertInstanceOf(TimeoutException.class, client.error(), this::toString);
            } else {
                assertNull(client.error(), this::toString);
            }
            List<String> all =
                    IntStream.range(0, emitted).mapToObj(i -> "event " + i).toList();
            List<String> given = client.data();
            assertEquals(all.subList(0, given.size()), given, this::toString);
            assertEquals(end == StreamEnd.STOPPED, given.size() == all.size(), this::toString);
            client.assertNoFault();
        }

        @Override
        public String toString() {
            return client.data() + " of " + emitted + " events, stops " + stops + ", takes " + takes + ", "
                    + stepped.endings.of(stream) + ", seed " + seed;
        }
    }

    @Test
    @DisplayName("SC-02, DC-04: stall, lag, demand and stop at once end a stream once, for what really happened")
    void stallLagDemandAndStopMeet() {
        new Duel().play(ROUNDS, SlowStream::new);
        for (int i = 0; i < ROUNDS / 10; i++) { // on a busy machine, time alone may have come first before
            SlowStream inTurn = new SlowStream();
            inTurn.other();
            inTurn.one();
            inTurn.check();
        }
        for (StreamEnd possible : List.of(StreamEnd.STALLED, StreamEnd.LAGGED, StreamEnd.STOPPED)) {
            assertTrue(ends.getOrDefault(possible, 0) > ROUNDS / 200, ends::toString);
        }
    }
}
