package eventsource.server.testkit.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Emission;
import eventsource.server.spi.AppendRefusedException;
import eventsource.server.spi.AppendUnknownException;
import eventsource.server.spi.EventLog.Entry;
import eventsource.server.spi.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rules 1 to 3: what becomes of an append. */
abstract class AppendContract extends LogCase {

    @Test
    @DisplayName("rule 1: append returns at once, also while the engine does not answer")
    void appendNeverBlocks() throws Exception {
        tested().holdAppends(log());
        List<CompletionStage<Position>> stages = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            stages.add(log().append(emission("event " + i)));
        }
        for (CompletionStage<Position> stage : stages) {
            assertFalse(stage.toCompletableFuture().isDone(), "nobody has answered yet");
        }
        tested().releaseAppends(log());
        for (CompletionStage<Position> stage : stages) {
            get(stage);
        }
        assertEquals(numbered("event", 10), dataOf(readAll(log())));
    }

    @Test
    @DisplayName("rule 1: when too many appends are pending the next is refused, and no other")
    void fullQueueRefuses() throws Exception {
        int most = tested().mostPending();
        tested().holdAppends(log());
        List<CompletionStage<Position>> stages = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            stages.add(log().append(emission("event " + i)));
        }
        Throwable failure = failureOf(log().append(emission("one too many")));
        assertInstanceOf(AppendRefusedException.class, failure);
        tested().releaseAppends(log());
        for (CompletionStage<Position> stage : stages) {
            get(stage);
        }
        append(log(), "there is room again");
        List<String> expected = numbered("event", most);
        expected.add("there is room again");
        assertEquals(expected, dataOf(readAll(log())));
    }

    @Test
    @DisplayName("rule 1: while the engine is down, an append fails in time")
    void appendsFailWhileDown() throws Exception {
        append(log(), "before");
        tested().disconnect(log());
        Throwable failure = failureOf(log().append(emission("meanwhile")));
        assertTrue(
                failure instanceof AppendRefusedException || failure instanceof AppendUnknownException,
                () -> "refused or unknown, but not " + failure);
        tested().reconnect(log());
        append(log(), "after");
        List<String> data = new ArrayList<>(dataOf(readAll(log())));
        boolean appeared = data.remove("meanwhile");
        assertFalse(appeared && failure instanceof AppendRefusedException, "what was refused does not appear");
        assertEquals(List.of("before", "after"), data);
    }

    @Test
    @DisplayName("rule 2: what is stored stands at its position")
    void storedIsThere() throws Exception {
        Position first = append(log(), "one");
        Position second = append(log(), "two");
        List<Entry> entries = readAll(log());
        assertEquals(List.of(first, second), positionsOf(entries));
        assertEquals(List.of("one", "two"), dataOf(entries));
    }

    @Test
    @DisplayName("rule 2: what is stored in a durable log is there after all nodes were closed")
    void storedStays() throws Exception {
        Position position = append(log(), "one");
        List<Entry> entries = readAll(reopen());
        assertEquals(List.of(position), positionsOf(entries));
        assertEquals(List.of("one"), dataOf(entries));
    }

    @Test
    @DisplayName("rule 2: what is stored is what was appended, in every property; followed, and read")
    void storedIsWhatWasAppended() throws Exception {
        Followed follower = follow(log(), oldest(log()));
        List<Emission> samples = Samples.emissions();
        for (Emission sample : samples) {
            get(log().append(sample));
        }
        List<Entry> followed = follower.nextEntries(samples.size());
        List<Entry> read = readAll(log());
        for (int i = 0; i < samples.size(); i++) {
            Samples.assertSame(samples.get(i), followed.get(i).emission());
            Samples.assertSame(samples.get(i), read.get(i).emission());
        }
    }

    @Test
    @DisplayName("rule 2: what is stored is what was appended, in every property; on another node")
    void storedIsTheSameElsewhere() throws Exception {
        Followed follower = follow(another(), oldest(log()));
        for (Emission sample : Samples.emissions()) {
            get(log().append(sample));
            Samples.assertSame(sample, follower.nextEntry().emission());
        }
    }

    @Test
    @DisplayName("rule 2: what is refused never appears, and may be appended again")
    void refusedNeverAppears() throws Exception {
        Followed follower = follow(log(), oldest(log()));
        tested().refuseNextAppend(log());
        Emission emission = emission("one");
        assertInstanceOf(AppendRefusedException.class, failureOf(log().append(emission)));
        append(log(), "two");
        get(log().append(emission));
        assertEquals(List.of("two", "one"), dataOf(follower.nextEntries(2)));
        assertEquals(List.of("two", "one"), dataOf(readAll(log())));
    }

    @Test
    @DisplayName("rule 2: an append is unknown when it was stored and the answer was lost; it appears once")
    void unknownMayAppear() throws Exception {
        Followed follower = follow(log(), oldest(log()));
        tested().loseNextAnswer(log(), true);
        assertInstanceOf(AppendUnknownException.class, failureOf(log().append(emission("one"))));
        append(log(), "two");
        assertEquals(List.of("one", "two"), dataOf(follower.nextEntries(2)));
        assertEquals(List.of("one", "two"), dataOf(readAll(log())));
    }

    @Test
    @DisplayName("rule 2: an append is unknown when it was lost and the node cannot tell")
    void unknownMayNotAppear() throws Exception {
        Followed follower = follow(log(), oldest(log()));
        tested().loseNextAnswer(log(), false);
        assertInstanceOf(AppendUnknownException.class, failureOf(log().append(emission("one"))));
        append(log(), "two");
        assertEquals(List.of("two"), dataOf(follower.nextEntries(1)));
        assertEquals(List.of("two"), dataOf(readAll(log())));
    }

    @Test
    @DisplayName("rule 3: appends that do not wait for one another stay in the order of the calls")
    void appendsStayInOrder() throws Exception {
        List<Position> positions = appendAll(log(), "event", 500);
        assertIncreasing(positions, "rule 3: in the order of the calls");
        List<Entry> entries = readAll(log());
        assertEquals(numbered("event", 500), dataOf(entries));
        assertEquals(positions, positionsOf(entries));
    }

    @Test
    @DisplayName("rule 3: appends of several threads stay in the order of each thread")
    void appendsOfThreadsStayInOrder() throws Exception {
        int threads = 4;
        int each = 100;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<List<Position>>> appending = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                String name = "thread " + i;
                appending.add(pool.submit(() -> appendAll(log(), name, each)));
            }
            for (Future<List<Position>> positions : appending) {
                assertIncreasing(positions.get(60, TimeUnit.SECONDS), "rule 3: in the order of the calls");
            }
        } finally {
            pool.shutdownNow();
        }
        List<Entry> entries = readAll(log());
        assertEquals(threads * each, entries.size());
        for (int i = 0; i < threads; i++) {
            String name = "thread " + i;
            assertEquals(
                    numbered(name, each),
                    dataOf(entries).stream()
                            .filter(data -> data.startsWith(name))
                            .toList());
        }
    }

    @Test
    @DisplayName("rule 3: one that is refused leaves the others in order")
    void refusedLeavesTheOrder() throws Exception {
        CompletionStage<Position> first = log().append(emission("one"));
        get(first);
        tested().refuseNextAppend(log());
        CompletionStage<Position> refused = log().append(emission("two"));
        CompletionStage<Position> third = log().append(emission("three"));
        CompletionStage<Position> fourth = log().append(emission("four"));
        assertInstanceOf(AppendRefusedException.class, failureOf(refused));
        assertIncreasing(List.of(get(first), get(third), get(fourth)), "rule 3: in the order of the calls");
        assertEquals(List.of("one", "three", "four"), dataOf(readAll(log())));
    }

    @Test
    @DisplayName("rule 3: nothing is sent after an append that may still get there")
    void nothingOvertakesTheUnknown() throws Exception {
        append(log(), "one");
        Runnable getsThere = tested().delayNextAppend(log());
        CompletionStage<Position> delayed = log().append(emission("two"));
        CompletionStage<Position> behind = log().append(emission("three"));
        assertInstanceOf(AppendUnknownException.class, failureOf(delayed));
        assertEquals(List.of("one"), dataOf(readAll(log())), "what is behind waits");
        getsThere.run();
        get(behind);
        assertEquals(List.of("one", "two", "three"), dataOf(readAll(log())));
    }
}
