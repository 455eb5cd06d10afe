package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class EpochTest {

    private final Epoch epoch = new Epoch("k3x9", 0);

    @Test
    void anIdLeadsBackToItsNumber() {
        for (long number : new long[] {0, 1, 35, 36, 1_000_000, Long.MAX_VALUE}) {
            assertEquals(number, epoch.number(epoch.id(number)));
        }
        assertEquals("~k3x9-10", epoch.id(36));
    }

    @Test
    void whatIsNotAnIdOfThisEpochHasNoNumber() {
        for (String id : new String[] {
            "",
            "~",
            "~k3x9",
            "~k3x9-",
            "k3x9-1",
            "~k3x8-1",
            "~k3x9--1",
            "~k3x9-+1",
            "~k3x9-A",
            "~k3x9-1 ",
            "~k3x9-\u0661",
            "~k3x9-zzzzzzzzzzzzz",
            "~k3x9-" + "0".repeat(20),
            "~k3x9-1\u0000",
            "~K3X9-1"
        }) {
            assertEquals(-1, epoch.number(id), id);
        }
    }

    @Test
    void everyJournalIsAnEpochOfItsOwn() {
        assertNotEquals(new Epoch().id(1), new Epoch().id(1));
    }
}
