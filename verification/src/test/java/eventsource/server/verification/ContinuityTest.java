package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The checker finds what it is there for. */
class ContinuityTest {

    private static final long SEED = 20261122;
    private static final int EVENTS = 1_000;

    private final List<String> ids =
            IntStream.range(0, EVENTS).mapToObj(number -> "id" + number).toList();
    private final Continuity continuity = new Continuity(ids);
    private final List<Integer> all =
            new ArrayList<>(IntStream.range(0, EVENTS).boxed().toList());
    private final int somewhere = 1 + new Random(SEED).nextInt(EVENTS - 3);

    private Received received(List<Integer> numbers) {
        Received received = new Received();
        numbers.forEach(number -> received.event(number, ids.get(number)));
        return received;
    }

    /** A client that was told of a gap before the event at an index. */
    private Received received(List<Integer> numbers, int index, String after, String from) {
        Received received = new Received();
        for (int i = 0; i < numbers.size(); i++) {
            if (i == index) {
                received.gap(after, from);
            }
            received.event(numbers.get(i), ids.get(numbers.get(i)));
        }
        return received;
    }

    @ParameterizedTest
    @EnumSource
    void everythingOnceAndInOrderIsRight(Continuity.Start start) {
        assertEquals(List.of(), continuity.faults(received(all), start));
    }

    @Test
    void aLateStartIsRightOnlyWhereAnyIs() {
        Received received = received(all.subList(somewhere, EVENTS));
        assertEquals(List.of(), continuity.faults(received, Continuity.Start.ANYWHERE));
        assertEquals(
                List.of("events 0 to " + (somewhere - 1) + " are missing, and no gap was told"),
                continuity.faults(received, Continuity.Start.FIRST));
    }

    @ParameterizedTest
    @EnumSource
    void aHoleIsFound(Continuity.Start start) {
        all.remove(somewhere);
        assertEquals(
                List.of("events " + somewhere + " to " + somewhere + " are missing, and no gap was told"),
                continuity.faults(received(all), start));
    }

    @ParameterizedTest
    @EnumSource
    void aDuplicateIsFound(Continuity.Start start) {
        all.add(somewhere + 1, somewhere);
        assertEquals(List.of("event " + somewhere + " came twice"), continuity.faults(received(all), start));
    }

    @ParameterizedTest
    @EnumSource
    void twoEventsInTheWrongOrderAreFound(Continuity.Start start) {
        Collections.swap(all, somewhere, somewhere + 1);
        assertEquals(
                List.of(
                        "events " + somewhere + " to " + somewhere + " are missing, and no gap was told",
                        "event " + somewhere + " came after event " + (somewhere + 1)),
                continuity.faults(received(all), start).subList(0, 2));
    }

    @ParameterizedTest
    @EnumSource
    void aMissingEndIsFound(Continuity.Start start) {
        assertEquals(
                List.of("events 990 to 999 are missing at the end"),
                continuity.faults(received(all.subList(0, 990)), start));
    }

    @Test
    void anEventUnderAnotherIdIsFound() {
        Received received = received(all.subList(0, EVENTS - 1));
        received.event(EVENTS - 1, "id0");
        assertEquals(
                List.of("event 999 has another id than when it was emitted"),
                continuity.faults(received, Continuity.Start.FIRST));
    }

    @Test
    void aHoleThatWasToldExactlyIsRight() {
        all.subList(100, 200).clear();
        assertEquals(List.of(), continuity.faults(received(all, 100, "id99", "id199"), Continuity.Start.FIRST));
    }

    @Test
    void aGapThatTellsOfTooFewEventsIsFound() {
        all.subList(100, 200).clear();
        assertEquals(
                List.of("events 199 to 199 are missing, and no gap was told"),
                continuity.faults(received(all, 100, "id99", "id198"), Continuity.Start.FIRST));
    }

    @Test
    void aGapThatTellsOfTooManyEventsIsFound() {
        all.subList(100, 200).clear();
        assertEquals(
                "event 200 came after event 200",
                continuity
                        .faults(received(all, 100, "id99", "id200"), Continuity.Start.FIRST)
                        .get(0));
    }

    @Test
    void aGapThatBeginsElsewhereIsFound() {
        all.subList(100, 200).clear();
        assertEquals(
                1,
                continuity
                        .faults(received(all, 100, "id98", "id199"), Continuity.Start.FIRST)
                        .size());
    }

    @Test
    void aGapWhereNothingIsMissingIsFound() {
        assertEquals(
                1,
                continuity
                        .faults(received(all, 100, "id99", "id99"), Continuity.Start.FIRST)
                        .size());
    }

    @Test
    void aGapThatNamesUnknownEventsIsFound() {
        assertEquals(
                1,
                continuity
                        .faults(received(all, 100, "id99", "?"), Continuity.Start.FIRST)
                        .size());
    }
}
