package eventsource.server.testkit.checker;

import eventsource.server.Resume.Outcome;
import eventsource.server.testkit.checker.Step.CaughtUp;
import eventsource.server.testkit.checker.Step.Connected;
import eventsource.server.testkit.checker.Step.Emitted;
import eventsource.server.testkit.checker.Step.Fate;
import eventsource.server.testkit.checker.Step.Gap;
import eventsource.server.testkit.checker.Step.Placed;
import eventsource.server.testkit.checker.Step.Received;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** A copy of a history's steps, and what is asked about a place where something is to go wrong. */
final class Seeding {

    static final int NOWHERE = -1;

    final List<Step> steps;
    final Random random;
    private final RandomHistory history;

    Seeding(RandomHistory history, long seed) {
        this.history = history;
        steps = new ArrayList<>(history.steps);
        random = new Random(seed);
    }

    /** Does something at any place where it can be done; says whether there is one. */
    boolean atAny(IntPredicate where, IntConsumer change) {
        int[] places = IntStream.range(0, steps.size())
                .filter(at -> steps.get(at).client() >= 0)
                .filter(where)
                .toArray();
        if (places.length > 0) {
            change.accept(places[random.nextInt(places.length)]);
        }
        return places.length > 0;
    }

    Optional<Emitted> any(Predicate<Emitted> which) {
        List<Emitted> those = history.emitted.stream().filter(which).toList();
        return those.isEmpty() ? Optional.empty() : Optional.of(those.get(random.nextInt(those.size())));
    }

    void replace(int at, String id) {
        Received received = (Received) steps.get(at);
        steps.set(at, new Received(received.client(), id, received.payload(), received.emitted()));
    }

    /** Has the client of a step receive something before that. */
    void insert(int at, Emitted emitted) {
        steps.add(at, new Received(steps.get(at).client(), emitted.id, emitted.payload, emitted));
    }

    boolean isEvent(int at) {
        return at != NOWHERE && steps.get(at) instanceof Received;
    }

    boolean isStored(int at) {
        return isEvent(at) && emitted(at).fate == Fate.STORED;
    }

    Emitted emitted(int at) {
        return ((Received) steps.get(at)).emitted();
    }

    boolean isAsked(Emitted emitted, int at) {
        Set<String> topics = history.topicsOfClients.get(steps.get(at).client());
        return topics.isEmpty() || !Collections.disjoint(topics, emitted.topics);
    }

    // --- what else the client of a step does ---

    int before(int at) {
        return next(at, -1);
    }

    int after(int at) {
        return next(at, 1);
    }

    private int next(int at, int direction) {
        int client = steps.get(at).client();
        int next = at + direction;
        while (next >= 0 && next < steps.size() && steps.get(next).client() != client) {
            next += direction;
        }
        return next == steps.size() ? NOWHERE : next;
    }

    /** The events before or after a step, or of it, that nothing must be missing between. */
    private List<Integer> stretch(int at, int direction) {
        List<Integer> stretch = new ArrayList<>();
        for (int next = next(at, direction); next != NOWHERE; next = next(next, direction)) {
            Step step = steps.get(next);
            if (step instanceof Received) {
                stretch.add(next);
            } else if (step instanceof Gap || (step instanceof Connected connected && !connected.goesOn())) {
                break;
            }
        }
        return stretch;
    }

    /** An event that the client has received before in the same stretch, so that the event of a step is due. */
    int earlier(int at) {
        return stretch(at, -1).stream()
                .filter(other -> shows(emitted(other), emitted(at), at))
                .findFirst()
                .orElse(NOWHERE);
    }

    /** Whether who has received one emission has to receive the other, as the order of its emitter shows. */
    private boolean shows(Emitted one, Emitted other, int at) {
        Set<String> topics = new HashSet<>(one.topics);
        topics.retainAll(history.topicsOfClients.get(steps.get(at).client()));
        return isEarlier(one, other) && other.topics.containsAll(topics);
    }

    /** Whether the emitter's order alone shows that an event is missing if it is, and the client does not come back with it. */
    boolean isMissed(int at) {
        return isStored(at)
                && earlier(at) != NOWHERE
                && stretch(at, 1).stream().anyMatch(other -> isEarlier(emitted(at), emitted(other)))
                && isEvent(after(at));
    }

    boolean isResumed(int at) {
        return at != NOWHERE && steps.get(at) instanceof Connected connected && connected.goesOn();
    }

    boolean isCaughtUp(int at) {
        return at != NOWHERE && steps.get(at) instanceof CaughtUp;
    }

    /** Whether a step tells the client of a gap as it comes back with what it had last. */
    boolean isGapOnReturn(int at) {
        return steps.get(at) instanceof Connected connected
                && connected.told() == Outcome.GAP
                && connected.after().equals(lastId(at));
    }

    boolean isGap(int at) {
        return at != NOWHERE && steps.get(at) instanceof Gap;
    }

    boolean isGapInTheMiddle(int at) {
        return isGap(at) && !(steps.get(before(at)) instanceof Connected connected && connected.told() == Outcome.GAP);
    }

    private String lastId(int at) {
        for (int before = before(at); before != NOWHERE; before = before(before)) {
            Step step = steps.get(before);
            if (step instanceof Received received) {
                return received.id();
            } else if (step instanceof Gap gap) {
                return gap.from();
            } else if (step instanceof Placed placed) {
                return placed.id();
            } else if (step instanceof Connected connected && !connected.goesOn()) {
                return connected.told() == Outcome.RESUMED ? connected.after() : "nothing";
            }
        }
        return "nothing";
    }

    /** Whether something was really lost in a gap, as the order of an emitter alone shows, and nothing was repeated. */
    boolean hidesALoss(int at) {
        List<Integer> before = stretch(at, -1);
        boolean isToldAgain = steps.get(at) instanceof Connected && isGap(after(at));
        int told = isToldAgain ? after(at) : at;
        if (!isEvent(after(told))) {
            return false; // or the client may come back with an id that it got by this very gap
        }
        List<Integer> after = stretch(told, 1);
        int last = before.stream().mapToInt(each -> emitted(each).place).max().orElse(Integer.MAX_VALUE);
        if (after.stream().anyMatch(each -> emitted(each).place <= last)) {
            return false;
        }
        Set<Emitted> had = new HashSet<>();
        before.forEach(each -> had.add(emitted(each)));
        after.forEach(each -> had.add(emitted(each)));
        return history.emitted.stream()
                .filter(lost -> lost.fate == Fate.STORED && isAsked(lost, at) && !had.contains(lost))
                .anyMatch(lost -> before.stream().anyMatch(each -> shows(emitted(each), lost, at))
                        && after.stream().anyMatch(each -> isEarlier(lost, emitted(each))));
    }

    private static boolean isEarlier(Emitted one, Emitted other) {
        return one.emitter == other.emitter && one.number < other.number;
    }

    /** Whether the client's next event is of the same emitter. */
    boolean isBeforeOneOfSameEmitter(int at) {
        return isEvent(at) && isEvent(after(at)) && emitted(at).emitter == emitted(after(at)).emitter;
    }

    /** Whether the client's next event is of another emitter, and another client has both, one after the other. */
    boolean isBeforeOneThatAnotherHas(int at) {
        return isEvent(at)
                && isEvent(after(at))
                && emitted(at).emitter != emitted(after(at)).emitter
                && IntStream.range(0, steps.size())
                        .filter(other -> isEvent(other) && emitted(other) == emitted(at))
                        .filter(other ->
                                steps.get(other).client() != steps.get(at).client())
                        .anyMatch(other ->
                                stretch(other, 1).stream().anyMatch(each -> emitted(each) == emitted(after(at))));
    }

    /** Whether another client has the event of a step as well. */
    boolean isEventOfOthers(int at) {
        return isEvent(at)
                && steps.stream()
                        .anyMatch(step -> step instanceof Received other
                                && other.emitted() == emitted(at)
                                && other.client() != steps.get(at).client());
    }
}
