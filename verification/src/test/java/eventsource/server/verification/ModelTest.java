package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.EventSourceServerBuilder;
import eventsource.server.EventStream;
import eventsource.server.LagPolicy;
import eventsource.server.StreamListener;
import eventsource.server.testkit.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Clients of topics and selectors, with and without filters, for every event or the newest of each key, that come, go, are
 * slow and come back at random, while a server emits and trims: each has what a simple model says, or was told of a gap.
 */
@Timeout(300)
class ModelTest {

    private static final int ROUNDS = Integer.getInteger("model.rounds", 12);
    private static final int STEPS = 1_500;
    private static final int CLIENTS = 8;

    /** Enough for the newest of each key of all topics and selectors, so that these are always kept. */
    private static final long ALL_KEYS = 30_000;

    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final Random random = new Random(seed);

    private static final class Lagging implements StreamListener {
        private int episodes;

        @Override
        public void lagged(EventStream stream, long atMost) {
            episodes++;
            ((ModelClient) stream.request().attributes().get("client")).lagged = true;
            assertTrue(atMost > 0, "a stream lags that has missed nothing");
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyClientHasWhatItWantsOrWasTold(LagPolicy policy) {
        long gaps = 0;
        long lagged = 0;
        for (int round = 0; round < ROUNDS; round++) {
            TestClock clock = new TestClock();
            boolean keys = policy == LagPolicy.NEWEST_PER_KEY || random.nextBoolean();
            EventSourceServerBuilder options = EventSourceServer.builder()
                    .retainBytes(keys ? any(ALL_KEYS, 1_000_000) : any(3_000, 10_000, 1_000_000))
                    .keys(keys ? 100 : 0)
                    .retainPerTopic((int) any(0, 2, 10))
                    .retainFor(Duration.ofSeconds(any(0, 20, 100)))
                    .maxSelectors((int) any(2, 1_000))
                    .lag(policy);
            Lagging lagging = new Lagging();
            EventSourceServer server = play(options.listener(lagging), clock, keys, policy);
            gaps += server.figures().gaps();
            lagged += server.figures().lagged();
            assertTrue(lagging.episodes <= server.figures().lagged());
        }
        assertTrue(gaps > ROUNDS && lagged > ROUNDS, "too little happened: " + gaps + " gaps, " + lagged + " lagged");
    }

    @Test
    void whereNothingIsTrimmedNobodyIsToldOfAGap() {
        for (int round = 0; round < ROUNDS / 4; round++) {
            EventSourceServer server = play(
                    EventSourceServer.builder().retainFor(Duration.ZERO).keys(100),
                    new TestClock(),
                    true,
                    LagPolicy.CLOSE);
            assertEquals(0, server.figures().gaps(), this::seed);
            assertEquals(0, server.figures().lagged(), this::seed);
        }
    }

    private long any(long... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private String seed() {
        return "-Dseed=" + seed;
    }

    private EventSourceServer play(EventSourceServerBuilder options, TestClock clock, boolean keys, LagPolicy policy) {
        EventSourceServer server = options.gapEvent(ModelClient.GAP)
                .keepalive(Duration.ZERO)
                .stall(Duration.ofDays(1))
                .executor(Runnable::run)
                .timer(clock, clock::nanoTime)
                .build();
        if (random.nextBoolean()) {
            server = options.openingEvent(ModelClient.OPENING).build();
        }
        History history = new History();
        List<ModelClient> clients = new ArrayList<>();
        try {
            for (int step = 0; step < STEPS; step++) {
                while (clients.size() < CLIENTS) {
                    clients.add(new ModelClient(history, Wish.any(random, keys), policy == LagPolicy.NEWEST_PER_KEY));
                }
                step(server, history, clients, clock);
            }
            clients.stream().filter(ModelClient::isConnected).forEach(ModelClient::drain);
            clients.stream().filter(ModelClient::isConnected).forEach(ModelClient::disconnect);
        } catch (AssertionError wrong) {
            throw new AssertionError(seed() + " after " + history.head() + " events", wrong);
        }
        assertEquals(0, server.figures().streams(), this::seed);
        assertAllIsGivenBack(server, clock);
        return server;
    }

    private void assertAllIsGivenBack(EventSourceServer server, TestClock clock) {
        server.stop();
        assertEquals(0, server.figures().retainedEvents(), this::seed);
        assertEquals(0, server.figures().retainedBytes(), this::seed);
        clock.advance(SteppedServer.RESOLUTION);
        assertEquals(0, clock.scheduled(), this::seed);
    }

    private void step(EventSourceServer server, History history, List<ModelClient> clients, TestClock clock) {
        int what = random.nextInt(100);
        if (what < 60) {
            history.emit(server, random);
        } else if (what < 63) {
            clock.advance(Duration.ofMillis(random.nextInt(10_000)));
        } else if (what < 64) {
            ModelClient gone = clients.remove(random.nextInt(CLIENTS));
            if (gone.isConnected()) {
                gone.disconnect();
            }
        } else {
            act(clients.get(random.nextInt(CLIENTS)), server);
        }
    }

    private void act(ModelClient client, EventSourceServer server) {
        if (!client.isConnected()) {
            client.connectIfAdmitted(server);
        } else if (random.nextInt(8) == 0) {
            client.disconnect();
        } else if (random.nextInt(3) == 0) {
            client.drain();
        } else {
            client.client.request(1 + random.nextInt(2));
        }
    }
}
