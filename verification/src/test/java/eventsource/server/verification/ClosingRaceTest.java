package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.StreamEnd;
import eventsource.server.StreamListener;
import eventsource.server.StreamRequest;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever closes a stream at the same time, it is closed once, for one of these reasons, and nothing is heard of it
 * afterwards. {@code -Drounds=500000} has ten times as many of them: a million for both tests.
 */
@Timeout(1800) // for a million races, too
class ClosingRaceTest {

    private static final int ROUNDS = Integer.getInteger("rounds", 50_000);
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);
    private static final Logger LOGGER = Logger.getLogger("eventsource.server");

    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final Logged logged = new Logged();

    @BeforeEach
    void keepWhatIsThrownOnPurposeOutOfTheLog() {
        LOGGER.setFilter(entry -> !(entry.getThrown() instanceof ThrownOnPurpose));
    }

    @AfterEach
    void nothingElseWasLogged() {
        LOGGER.setFilter(null);
        logged.close();
        logged.assertNothing();
    }

    /** What the subscriber throws where its write is to fail. */
    private static final class ThrownOnPurpose extends RuntimeException {
        private static final long serialVersionUID = 1;

        ThrownOnPurpose() {
            super("thrown by a test", null, false, /* writableStackTrace= */ false);
        }
    }

    private static final List<Closing> CLOSINGS = List.of(
            new Closing("cancellation", StreamEnd.CANCELLED, round -> round.client.cancel()),
            new Closing("end", StreamEnd.ENDED, round -> round.stream.end()),
            new Closing("kick", StreamEnd.ENDED, round -> round.server.end(any -> true)),
            new Closing("finish", StreamEnd.FINISHED, round -> round.server.finish()),
            new Closing("bad request", StreamEnd.FAILED, round -> round.client.request(0)),
            new Closing("failing write", StreamEnd.FAILED, round -> round.server.emit("event")),
            new Closing("stop", StreamEnd.STOPPED, round -> round.server.stop()));

    /** What closes a stream, and the reason that the listener is given for it. */
    private record Closing(String name, StreamEnd reason, Consumer<OneStream> close) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** A server with one stream, which is closed in four ways, two on each side. */
    private final class OneStream implements Duel.Round, StreamListener {

        private final AtomicReferenceArray<StreamEnd> closed = new AtomicReferenceArray<>(2);
        private final List<Closing> ones = List.of(any(), any());
        private final List<Closing> others = List.of(any(), any());
        private final EventSourceServer server;
        private final EventStream stream;
        private final Client client = Client.that(OneStream::takeThePrelude);
        private int closings;

        OneStream(Executor executor) {
            server = EventSourceServer.builder()
                    .executor(executor)
                    .listener(this)
                    .build();
            stream = server.open(StreamRequest.own()).toCompletableFuture().join();
            client.on(stream.body(), 1);
        }

        private static void takeThePrelude(Client client) {
            if (client.elements() > 1) {
                throw new ThrownOnPurpose();
            }
            client.request(1);
        }

        private Closing any() {
            return CLOSINGS.get(random.nextInt(CLOSINGS.size()));
        }

        @Override
        public void closed(EventStream closing, StreamEnd reason) {
            closed.set(Math.min(closings++, 1), reason);
        }

        @Override
        public void one() {
            ones.forEach(closing -> closing.close.accept(this));
        }

        @Override
        public void other() {
            others.forEach(closing -> closing.close.accept(this));
        }

        @Override
        public void check() {
            long start = System.nanoTime();
            while (closed.get(0) == null) {
                assertTrue(System.nanoTime() - start < PATIENCE, () -> "not closed: " + this);
                Thread.onSpinWait();
            }
            try {
                server.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);
            } catch (Exception late) {
                throw new AssertionError("the server did not stop: " + this, late);
            }
            StreamEnd reason = closed.get(0);
            assertNull(closed.get(1), () -> "closed twice: " + this);
            Set<StreamEnd> reasons = Stream.concat(ones.stream(), others.stream())
                    .map(closing -> closing.reason)
                    .collect(Collectors.toSet());
            assertTrue(reasons.contains(reason), () -> "closed for another reason: " + this);
            if (reason != StreamEnd.CANCELLED && reason != StreamEnd.FAILED) {
                assertTrue(client.hasEnded(), () -> "the subscriber was not told: " + this);
                // A bad request is answered as one even where it comes too late to be the reason.
                assertTrue(client.error() == null || reasons.contains(StreamEnd.FAILED), () -> "no clean end: " + this);
            }
            assertEquals(0, stream.lag(), this::toString);
            client.assertNoFault();
        }

        @Override
        public String toString() {
            return ones + " against " + others + ", " + closed + ", seed " + seed;
        }
    }

    private void race(Executor executor) {
        new Duel().play(ROUNDS, () -> new OneStream(executor));
    }

    @Test
    @DisplayName("DC-04: closed exactly once, where turns run on the threads that close")
    void closedOnceByThoseThatClose() {
        race(Runnable::run);
    }

    @Test
    @DisplayName("DC-04: closed exactly once, where turns run on other threads")
    void closedOnceByAnotherThread() {
        race(ForkJoinPool.commonPool());
    }
}
