package eventsource.server.fanout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SequenceTest {

    private static final int SIZE = 30;

    private final Sequence sequence = new Sequence(SIZE);

    private void take(String text) throws VoidRun {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        sequence.take(ByteBuffer.wrap(bytes), bytes.length);
    }

    private static String frame(long number) {
        return "id: a-7\ndata: " + Sequence.data(number, SIZE) + "\n\n";
    }

    @Test
    @DisplayName("the data of an event has the size that was asked for")
    void size() {
        assertEquals(SIZE, Sequence.data(17, SIZE).length());
        assertThrows(IllegalArgumentException.class, () -> Sequence.data(17, 11));
    }

    @Test
    @DisplayName("events are counted wherever the bytes are cut")
    void cut() throws VoidRun {
        String all = frame(5) + frame(6) + frame(7);
        for (int first = 1; first < all.length(); first++) {
            Sequence events = new Sequence(SIZE);
            byte[] bytes = all.getBytes(StandardCharsets.US_ASCII);
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            events.take(buffer, first);
            events.take(buffer, bytes.length);
            assertEquals(3, events.count());
            assertEquals(7, events.last());
        }
    }

    @Test
    @DisplayName("a loss, a duplicate and another order are each noticed")
    void order() throws VoidRun {
        take(frame(5));
        assertThrows(VoidRun.class, () -> take(frame(7)));
        assertThrows(VoidRun.class, () -> take(frame(5)));
        assertThrows(VoidRun.class, () -> take(frame(4)));
    }

    @Test
    @DisplayName("an event that was only begun does not count")
    void part() throws VoidRun {
        take(frame(5));
        String next = frame(6);
        take(next.substring(0, next.length() - 3));
        assertEquals(5, sequence.last());
        take("$\n\n");
        assertEquals(6, sequence.last());
    }

    @Test
    @DisplayName("a client that had stalled has its gaps counted")
    void gaps() throws VoidRun {
        take(frame(5));
        sequence.tolerateGaps();
        take(frame(9) + frame(10) + frame(12));
        assertEquals(4, sequence.count());
        assertEquals(2, sequence.gaps());
    }
}
