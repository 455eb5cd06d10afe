package eventsource.server.verification;

import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Two things at the same time, many times over, on two threads that wait for each other in a loop: so close together that
 * they meet within a few instructions, at another place in each round.
 */
final class Duel {

    private static final int FARTHEST_APART = 300;
    private static final int SPINS_BEFORE_PARKING = 2_000;

    /** What two threads do in one round, and what has to be true of it. */
    interface Round {

        void one();

        void other();

        void check();
    }

    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicReference<Round> current = new AtomicReference<>();
    private final long seed = new Random().nextLong();

    /** Plays rounds. Each is made on the calling thread, which also plays {@link Round#one} and checks. */
    void play(int rounds, Supplier<? extends Round> next) {
        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> playOther(rounds), Duel::onNewThread);
        Random random = new Random(seed);
        for (int round = 1; round <= rounds; round++) {
            Round now = next.get();
            current.set(now);
            begun.set(round);
            spin(random.nextInt(FARTHEST_APART));
            now.one();
            await(done, round);
            if (second.isCompletedExceptionally()) {
                break;
            }
            now.check();
        }
        second.join();
    }

    private void playOther(int rounds) {
        Random random = new Random(seed + 1);
        for (int round = 1; round <= rounds; round++) {
            await(begun, round);
            try {
                spin(random.nextInt(FARTHEST_APART));
                current.get().other();
            } finally {
                done.set(round);
            }
        }
    }

    private static void onNewThread(Runnable work) {
        Thread thread = new Thread(work, "the other");
        thread.setDaemon(true); // it waits for ever if a check fails
        thread.start();
    }

    private static void spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }

    private static void await(AtomicInteger value, int reached) {
        for (int spins = 0; value.get() < reached; spins++) {
            if (spins < SPINS_BEFORE_PARKING) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(1_000); // there may be fewer processors than threads
            }
        }
    }
}
