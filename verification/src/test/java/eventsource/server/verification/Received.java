package eventsource.server.verification;

import eventsource.server.parser.ParsedEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What one client was given over all its connections, in the order in which it came. Small, for there are millions. */
final class Received {

    /** The type of the event that tells of a gap. */
    static final String GAP = "gap";

    /** A gap that was told after so many events. */
    record Gap(int afterEvents, String after, String from) {}

    private final List<Gap> gaps = new ArrayList<>();
    private int[] numbers = new int[1024];
    private int[] hashesOfIds = new int[1024];
    private int size;

    /** Takes an event over, whatever it tells. */
    void take(ParsedEvent event) {
        if (event.type().equals(GAP)) {
            String[] parts = event.data().split("\"", -1); // {"after":"…","from":"…"}: ids have no quotation marks
            gap(parts[3], parts[7]);
            if (!event.lastEventId().equals(parts[7])) {
                throw new AssertionError("the gap event has another id than it names: " + event);
            }
        } else {
            event(Emitter.number(event.data()), event.lastEventId());
        }
    }

    void event(int number, String id) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, size * 2);
            hashesOfIds = Arrays.copyOf(hashesOfIds, size * 2);
        }
        numbers[size] = number;
        hashesOfIds[size] = id.hashCode();
        size++;
    }

    void gap(String after, String from) {
        gaps.add(new Gap(size, after, from));
    }

    int size() {
        return size;
    }

    int number(int index) {
        return numbers[index];
    }

    int hashOfId(int index) {
        return hashesOfIds[index];
    }

    List<Gap> gaps() {
        return gaps;
    }

    boolean hasReached(int number) {
        return size > 0 && numbers[size - 1] >= number;
    }
}
