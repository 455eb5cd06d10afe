package eventsource.server.testkit.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.testkit.checker.Step.Connected;
import eventsource.server.testkit.checker.Step.Gap;
import eventsource.server.testkit.checker.Step.Received;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("In histories that were made at random")
class RandomHistoryTest {

    private static final int HISTORIES = Integer.getInteger("histories", 100);

    private final long seed = Long.getLong("seed", new Random().nextLong());

    private LongStream seeds() {
        return LongStream.range(seed, seed + HISTORIES);
    }

    @Test
    @DisplayName("nothing is found as long as nothing is wrong")
    void sound() {
        int[] counts = new int[3];
        seeds().forEach(each -> {
            RandomHistory history = new RandomHistory(each);
            assertEquals(List.of(), history.play().findings(), () -> "-Dseed=" + each);
            history.steps.forEach(step -> {
                counts[0] += step instanceof Received ? 1 : 0;
                counts[1] += step instanceof Connected connected && connected.goesOn() ? 1 : 0;
                counts[2] += step instanceof Gap ? 1 : 0;
            });
        });
        assertTrue(counts[0] > 50 * HISTORIES, () -> counts[0] + " events were received");
        assertTrue(counts[1] > 5 * HISTORIES, () -> counts[1] + " clients were resumed");
        assertTrue(counts[2] > HISTORIES, () -> counts[2] + " gaps were told in a stream");
    }

    @Test
    @DisplayName("one thing that is wrong is found, and as what it is")
    void faulty() {
        Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
        seeds().forEach(each -> {
            RandomHistory history = new RandomHistory(each);
            for (Fault fault : Fault.values()) {
                Seeding seeding = new Seeding(history, each);
                if (fault.seed(seeding)) {
                    counts.merge(fault, 1, Integer::sum);
                    List<Finding> findings = history.play(seeding.steps).findings();
                    assertTrue(
                            findings.stream().anyMatch(finding -> fault.found.contains(finding.kind())),
                            () -> fault + " led to " + findings + ", -Dseed=" + each);
                }
            }
        });
        for (Fault fault : Fault.values()) {
            assertTrue(counts.getOrDefault(fault, 0) > HISTORIES / 10, () -> fault + " in too few of " + counts);
        }
    }
}
