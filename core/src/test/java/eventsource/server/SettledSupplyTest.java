package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Supplies whose items are mapped, and settled one by one. */
class SettledSupplyTest {

    private final EventSourceServer server =
            Servers.builder().maxEventBytes(100).build();
    private final Reader reader = Reader.of(server, StreamRequest.of("numbers"));
    private final List<String> settled = new ArrayList<>();
    private final Source source = new Source();

    /** A publisher of numbers that gives as many as are asked for, when the test says so. */
    private static final class Source implements Flow.Publisher<Integer>, Flow.Subscription {

        private Flow.@Nullable Subscriber<? super Integer> to;
        private long asked;
        private boolean cancelled;
        private int next;

        @Override
        public void subscribe(Flow.Subscriber<? super Integer> subscriber) {
            to = subscriber;
            subscriber.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            asked += n;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        void give(int upTo) {
            while (next < upTo && asked > 0) {
                asked--;
                to.onNext(next++);
            }
        }
    }

    private Flow.Subscription supply(Function<Integer, Emission> mapper) {
        return server.supply(source, mapper, this::settle);
    }

    private void settle(Integer item, @Nullable Throwable failure) {
        settled.add(item + (failure == null ? "" : " " + failure.getClass().getSimpleName()));
    }

    private static Emission number(int item) {
        return Emission.of(Event.of("" + item), "numbers");
    }

    @Test
    void eachItemIsMappedAndSettledOnceAndInOrder() {
        supply(SettledSupplyTest::number);
        assertEquals(1, source.asked);
        source.give(5);
        assertEquals(List.of("0", "1", "2", "3", "4"), reader.data());
        assertEquals(List.of("0", "1", "2", "3", "4"), settled);
        assertEquals(1, source.asked, "one at a time");
    }

    @Test
    void anItemIsSettledWhenItWasEmittedAndTheNextIsAskedForAfterwards() {
        List<String> order = new ArrayList<>();
        server.supply(
                source,
                SettledSupplyTest::number,
                (item, failure) -> order.add(
                        "settled " + item + ", emitted " + server.figures().emitted() + ", asked " + source.asked));
        source.give(2);
        assertEquals(List.of("settled 0, emitted 1, asked 0", "settled 1, emitted 2, asked 0"), order);
    }

    @Test
    void whatCannotBeMappedOrEmittedIsSettledWithTheReasonAndTheNextComes() {
        supply(item -> switch (item) {
            case 0 -> throw new IllegalStateException("thrown on purpose");
            case 1 -> Emission.of(Event.of("x".repeat(200)), "numbers");
            case 2 -> null;
            case 3 -> Emission.of(Event.of("x"), "not a name ");
            case 4 -> throw new AssertionError("thrown on purpose");
            default -> number(item);
        });
        source.give(7);
        assertEquals(
                List.of(
                        "0 IllegalStateException",
                        "1 IllegalArgumentException",
                        "2 NullPointerException",
                        "3 IllegalArgumentException",
                        "4 AssertionError",
                        "5",
                        "6"),
                settled);
        assertEquals(List.of("5", "6"), reader.data());
        assertFalse(source.cancelled);
    }

    @Test
    void whatSettlesMayThrow() {
        server.supply(source, SettledSupplyTest::number, (item, failure) -> {
            settle(item, failure);
            throw new IllegalStateException("thrown on purpose");
        });
        source.give(3);
        assertEquals(List.of("0", "1", "2"), settled);
        assertEquals(List.of("0", "1", "2"), reader.data());
    }

    @Test
    void whatComesAfterTheStopIsSettledWithAFailure() {
        supply(SettledSupplyTest::number);
        source.give(1);
        server.stop();
        assertTrue(source.cancelled);
        source.give(2); // was asked for before
        assertEquals(List.of("0", "1 IllegalStateException"), settled);
        assertEquals(0, source.asked, "nothing more is asked for");
        assertEquals(List.of("0"), reader.data());
    }

    @Test
    void whatIsBeingMappedWhenTheServerFinishesIsSettledOnce() {
        supply(item -> {
            server.finish();
            return number(item);
        });
        source.give(1);
        assertEquals(List.of("0 IllegalStateException"), settled);
        assertTrue(source.cancelled);
        assertEquals(0, source.asked);
        assertEquals(List.of(), reader.data());
    }

    @Test
    void whatComesAfterCancellingIsSettledWithAFailure() {
        Flow.Subscription supply = supply(SettledSupplyTest::number);
        source.give(1);
        supply.cancel();
        source.give(2);
        assertTrue(source.cancelled);
        assertEquals(List.of("0", "1 IllegalStateException"), settled);
        assertEquals(List.of("0"), reader.data());
    }

    @Test
    void aSupplyOfAServerThatHasEndedIsCancelledAtOnce() {
        server.finish();
        supply(SettledSupplyTest::number);
        assertTrue(source.cancelled);
    }
}
