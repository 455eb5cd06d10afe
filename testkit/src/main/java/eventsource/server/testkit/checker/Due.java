package eventsource.server.testkit.checker;

import eventsource.server.testkit.checker.Finding.Kind;
import eventsource.server.testkit.checker.Run.Stretch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Finds what clients had to be sent, and have not received. */
final class Due {

    private static final int MOST_NAMED = 3;

    private final Emissions emissions;
    private final Order order;
    private final List<Finding> findings;

    /** By emission: the number of the newest run that has it, counted from 1. */
    private final int[] received;

    Due(Emissions emissions, Order order, List<Finding> findings) {
        this.emissions = emissions;
        this.order = order;
        this.findings = findings;
        received = new int[emissions.count()];
    }

    void check(List<Run> runs) {
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            for (int index = 0; index < run.events().size(); index++) {
                received[run.events().get(index)] = i + 1;
            }
            for (Stretch stretch : run.stretches()) {
                check(run, stretch, i + 1);
            }
        }
    }

    private void check(Run run, Stretch stretch, int number) {
        int[] starts = starts(run, stretch);
        int[] distinct = Arrays.stream(starts)
                .filter(start -> start != Run.NONE)
                .distinct()
                .toArray();
        // By the index of the event that comes after what is missing.
        Map<Integer, List<Integer>> missing = new TreeMap<>();
        for (int emitter = 0; emitter < emissions.emitters(); emitter++) {
            int first = emissions.firstOf(emitter);
            int begun = first + emissions.surelyBegunAfter(stretch.begun, emitter);
            int end = first + end(run, stretch, emitter);
            int begin = begun;
            for (int start : distinct) {
                begin = Math.min(begin, first + order.firstAfter(start, emitter));
            }
            for (int emission = begin; emission < end; emission++) {
                if (received[emission] != number
                        && run.feeds().want(emissions.topicsOf(emission))
                        && emissions.isStored(emission)
                        && (emission >= begun || isAfter(emission, starts[emissions.topicsOf(emission)]))) {
                    missing.computeIfAbsent(indexAfter(run, stretch, emission), at -> new ArrayList<>())
                            .add(emission);
                }
            }
        }
        missing.forEach((at, these) -> report(run, stretch, at, these));
    }

    private boolean isAfter(int emission, int start) {
        return start != Run.NONE && emission != start && order.isBefore(start, emission);
    }

    /**
     * From where on emissions are due.
     *
     * @return by the number of a list of topics: the emission after which those to these topics are due, or none. After a
     *     resume it is the same for all. Otherwise each feed has a start of its own: once something has come that belongs to
     *     no other feeds than an emission does, one of these feeds has everything that comes after it
     */
    private int[] starts(Run run, Stretch stretch) {
        int[] starts = new int[emissions.allTopics().size()];
        Arrays.fill(starts, stretch.isResumed || run.feeds().areOne() ? stretch.place : Run.NONE);
        BitSet seen = new BitSet();
        for (int i = stretch.from; i < stretch.to && seen.cardinality() < starts.length; i++) {
            int came = emissions.topicsOf(run.events().get(i));
            if (!seen.get(came)) {
                seen.set(came);
                for (int topics = 0; topics < starts.length; topics++) {
                    boolean begin = stretch.isResumed || run.feeds().include(topics, came);
                    if (begin && starts[topics] == Run.NONE) {
                        starts[topics] = run.events().get(i);
                    }
                }
            }
        }
        return starts;
    }

    /** The index after the last of an emitter's emissions that is due. */
    private int end(Run run, Stretch stretch, int emitter) {
        int end = stretch.caughtUp == null ? 0 : stretch.caughtUp.of(emitter);
        return stretch.from < stretch.to
                ? Math.max(end, order.before(run.events().get(stretch.to - 1), emitter))
                : end;
    }

    /** The index of the first event that is known to come after an emission; if there is none, the stretch's end. */
    private int indexAfter(Run run, Stretch stretch, int emission) {
        int low = stretch.from;
        int high = stretch.to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (order.isBefore(emission, run.events().get(middle))) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** The index of the last event that is known to come before an emission; if there is none, that before the stretch. */
    private int indexBefore(Run run, Stretch stretch, int emission) {
        int low = stretch.from - 1;
        int high = stretch.to - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (order.isBefore(run.events().get(middle), emission)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private void report(Run run, Stretch stretch, int after, List<Integer> missing) {
        int before = indexBefore(run, stretch, missing.get(0));
        TreeSet<String> topics = new TreeSet<>();
        missing.forEach(emission -> topics.addAll(emissions.topics(emission)));
        boolean cameBack = run.cameBackBetween(before, after);
        Kind kind = Kind.HOLE;
        if (after == stretch.to) {
            kind = Kind.MISSING_AT_END;
        } else if (cameBack) {
            kind = Kind.LOST_ON_RESUME;
        }
        String start = stretch.from == 0 ? "before its first event" : "after a gap that it was told of";
        String where = (before < stretch.from ? start : "after " + named(run, before))
                + (cameBack ? ", where it came back and was resumed," : "")
                + (after == stretch.to ? " and it had caught up" : " and before " + named(run, after));
        findings.add(new Finding(kind, run.client().name(), List.copyOf(topics), list(missing) + " missing " + where));
    }

    private String named(Run run, int index) {
        return emissions.named(run.events().get(index));
    }

    private String list(List<Integer> missing) {
        String list = missing.stream()
                .limit(MOST_NAMED)
                .map(emission -> emissions.named(emission)
                        + (emissions.wasReceived(emission) ? "" : ", which nobody has received,"))
                .collect(Collectors.joining(", "));
        int more = missing.size() - MOST_NAMED;
        return list + (more > 0 ? " and " + more + " more" : "") + (missing.size() == 1 ? " is" : " are");
    }
}
