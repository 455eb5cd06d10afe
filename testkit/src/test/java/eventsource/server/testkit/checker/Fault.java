package eventsource.server.testkit.checker;

import static eventsource.server.testkit.checker.Seeding.NOWHERE;

import eventsource.server.Resume.Outcome;
import eventsource.server.testkit.checker.Finding.Kind;
import eventsource.server.testkit.checker.Step.Connected;
import eventsource.server.testkit.checker.Step.Emitted;
import eventsource.server.testkit.checker.Step.Fate;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;

/** One thing that can go wrong in a history, at a place where it can be proved. */
@SuppressWarnings("ImmutableEnumChecker") // nobody changes them
enum Fault {
    HOLE(seeding -> seeding.atAny(seeding::isMissed, seeding.steps::remove), Kind.HOLE, Kind.LOST_ON_RESUME),

    HOLE_AFTER_RESUME(
            seeding -> seeding.atAny(
                    at -> seeding.isMissed(at) && seeding.isResumed(seeding.before(at)), seeding.steps::remove),
            Kind.HOLE,
            Kind.LOST_ON_RESUME),

    MISSING_AT_END(
            seeding -> seeding.atAny(
                    at -> seeding.isStored(at)
                            && seeding.earlier(at) != NOWHERE
                            && seeding.isCaughtUp(seeding.after(at)),
                    seeding.steps::remove),
            Kind.MISSING_AT_END),

    GAP_TOLD_AS_RESUMED(
            seeding -> seeding.atAny(at -> seeding.isGapOnReturn(at) && seeding.hidesALoss(at), at -> {
                Connected gap = (Connected) seeding.steps.get(at);
                if (seeding.isGap(seeding.after(at))) {
                    seeding.steps.remove(seeding.after(at));
                }
                seeding.steps.set(at, new Connected(gap.client(), Outcome.RESUMED, gap.after(), true));
            }),
            Kind.HOLE,
            Kind.LOST_ON_RESUME),

    GAP_NOT_TOLD(
            seeding ->
                    seeding.atAny(at -> seeding.isGapInTheMiddle(at) && seeding.hidesALoss(at), seeding.steps::remove),
            Kind.HOLE,
            Kind.LOST_ON_RESUME),

    DUPLICATE(
            seeding -> seeding.atAny(at -> seeding.isEvent(at) && seeding.earlier(at) != NOWHERE, at -> {
                int again = seeding.random.nextBoolean() ? at : seeding.earlier(at);
                seeding.steps.add(at + 1, seeding.steps.get(again));
            }),
            Kind.DUPLICATE),

    SWAP(
            seeding -> seeding.atAny(
                    seeding::isBeforeOneOfSameEmitter, at -> Collections.swap(seeding.steps, at, seeding.after(at))),
            Kind.REORDER),

    TWO_ORDERS(
            seeding -> seeding.atAny(
                    seeding::isBeforeOneThatAnotherHas, at -> Collections.swap(seeding.steps, at, seeding.after(at))),
            Kind.REORDER),

    REUSED_ID(
            seeding -> seeding.any(emitted -> emitted.fate == Fate.STORED)
                    .filter(other -> seeding.atAny(
                            at -> seeding.isEvent(at) && seeding.emitted(at) != other,
                            at -> seeding.replace(at, other.id)))
                    .isPresent(),
            Kind.REUSED_ID),

    WRONG_ID(
            seeding -> seeding.atAny(seeding::isStored, at -> {
                Emitted emitted = seeding.emitted(at);
                for (int i = 0; i < seeding.steps.size(); i++) {
                    if (seeding.isEvent(i) && seeding.emitted(i) == emitted) {
                        seeding.replace(i, "wrong");
                    }
                }
            }),
            Kind.WRONG_ID),

    TWO_IDS(seeding -> seeding.atAny(seeding::isEventOfOthers, at -> seeding.replace(at, "another")), Kind.DUPLICATE),

    REFUSED_RECEIVED(
            seeding -> seeding.any(emitted -> emitted.fate == Fate.REFUSED)
                    .filter(refused -> seeding.atAny(
                            at -> seeding.isEvent(at) && seeding.isAsked(refused, at),
                            at -> seeding.insert(at, refused)))
                    .isPresent(),
            Kind.REFUSED_RECEIVED),

    NEVER_EMITTED(
            seeding -> seeding.atAny(
                    seeding::isEvent,
                    at -> seeding.insert(at, new Emitted(0, -1, Set.of(), Fate.STORED, "an id of nobody"))),
            Kind.NEVER_EMITTED),

    WRONG_TOPIC(
            seeding -> seeding.any(emitted -> emitted.fate == Fate.STORED)
                    .filter(strange -> seeding.atAny(
                            at -> seeding.isEvent(at) && !seeding.isAsked(strange, at),
                            at -> seeding.insert(at, strange)))
                    .isPresent(),
            Kind.WRONG_TOPIC),

    TOLD_LIVE(
            seeding -> seeding.atAny(
                    at -> seeding.steps.get(at) instanceof Connected connected
                            && !connected.after().isEmpty(),
                    at -> {
                        Connected connected = (Connected) seeding.steps.get(at);
                        seeding.steps.set(
                                at, new Connected(connected.client(), Outcome.LIVE, connected.after(), false));
                    }),
            Kind.NOT_TOLD);

    /** What it may be found as: where exactly something is missing cannot always be told. */
    final Set<Kind> found;

    private final Predicate<Seeding> seed;

    Fault(Predicate<Seeding> seed, Kind first, Kind... more) {
        this.seed = seed;
        found = EnumSet.of(first, more);
    }

    /** Changes the steps; does nothing and says so if there is no place for it. */
    boolean seed(Seeding seeding) {
        return seed.test(seeding);
    }
}
