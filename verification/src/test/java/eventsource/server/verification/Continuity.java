package eventsource.server.verification;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Judges what a client received against what was emitted: every event from its start on, once, in order. Events may be
 * missing only where a gap was told, and exactly those that it names.
 */
final class Continuity {

    /** Where a client's first event may stand. */
    enum Start {
        FIRST,
        ANYWHERE
    }

    private static final int UNKNOWN = -1;
    private static final int MOST_FAULTS = 10;

    private final List<String> ids;
    private final Map<String, Integer> numbers = new HashMap<>();

    /** For what was emitted: the id of each event, in the order of emission. */
    Continuity(List<String> ids) {
        this.ids = ids;
        for (int number = 0; number < ids.size(); number++) {
            numbers.put(ids.get(number), number);
        }
    }

    /** Whatever is wrong, the first few of it; nothing if the client missed nothing that it was not told of. */
    List<String> faults(Received received, Start start) {
        Walk walk = new Walk(start == Start.FIRST ? 0 : UNKNOWN);
        Iterator<Received.Gap> gaps = received.gaps().iterator();
        Received.Gap gap = gaps.hasNext() ? gaps.next() : null;
        for (int i = 0; i <= received.size(); i++) {
            while (gap != null && gap.afterEvents() == i) {
                walk.gap(gap);
                gap = gaps.hasNext() ? gaps.next() : null;
            }
            if (i < received.size()) {
                walk.event(received.number(i), received.hashOfId(i));
            }
        }
        walk.end();
        return walk.faults;
    }

    private final class Walk {

        private final List<String> faults = new ArrayList<>();
        private final BitSet seen = new BitSet(ids.size());
        private int next;

        Walk(int next) {
            this.next = next;
        }

        void event(int number, int hashOfId) {
            if (ids.get(number).hashCode() != hashOfId) {
                fault("event " + number + " has another id than when it was emitted");
            }
            if (seen.get(number)) {
                fault("event " + number + " came twice");
            } else if (next != UNKNOWN && number < next) {
                fault("event " + number + " came after event " + (next - 1));
            } else {
                if (next != UNKNOWN && number > next) {
                    fault("events " + next + " to " + (number - 1) + " are missing, and no gap was told");
                }
                next = number + 1;
            }
            seen.set(number);
        }

        void gap(Received.Gap gap) {
            int after = numbers.getOrDefault(gap.after(), UNKNOWN);
            int from = numbers.getOrDefault(gap.from(), UNKNOWN);
            if (after == UNKNOWN || from == UNKNOWN) {
                fault(gap + " names an event that was not emitted");
                return;
            }
            if (next != UNKNOWN && after != next - 1) {
                fault(gap + " begins at event " + after + ", and the client had event " + (next - 1));
            }
            if (from <= after) {
                fault(gap + " was told though nothing is missing");
            }
            next = Math.max(next, from + 1);
        }

        void end() {
            if (next != ids.size()) {
                fault("events " + next + " to " + (ids.size() - 1) + " are missing at the end");
            }
        }

        private void fault(String what) {
            if (faults.size() < MOST_FAULTS) {
                faults.add(what);
            }
        }
    }
}
