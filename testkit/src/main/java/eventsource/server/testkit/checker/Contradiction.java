package eventsource.server.testkit.checker;

import eventsource.server.testkit.checker.Finding.Kind;
import eventsource.server.testkit.checker.Run.Stretch;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Words for orders that do not go together: who received two emissions how, and who says otherwise. */
final class Contradiction {

    private static final int MOST_NAMED = 5;

    private final Emissions emissions;
    private final Graph graph;
    private final List<Run> runs;
    private final List<Finding> findings;

    Contradiction(Emissions emissions, Graph graph, List<Run> runs, List<Finding> findings) {
        this.emissions = emissions;
        this.graph = graph;
        this.runs = runs;
        this.findings = findings;
    }

    /** There were so many that the others are not listed. */
    void reportMore() {
        findings.add(new Finding(Kind.REORDER, "", List.of(), "there are more of these, which are not listed"));
    }

    /**
     * Reports the edge of a cycle that is taken for the wrong one.
     *
     * @param cycle the edges in their order
     * @param wrong one of them
     */
    void report(List<Integer> cycle, int wrong) {
        int one = graph.from(wrong);
        int other = graph.to(wrong);
        Run run = runOf(one, other);
        TreeSet<String> topics = new TreeSet<>(emissions.topics(one));
        topics.addAll(emissions.topics(other));
        findings.add(new Finding(
                Kind.REORDER,
                run == null ? "" : run.client().name(),
                List.copyOf(topics),
                "it received " + emissions.named(one) + " before " + emissions.named(other) + ", and "
                        + whoSaysOtherwise(one, other, cycle, wrong)));
    }

    private String whoSaysOtherwise(int one, int other, List<Integer> cycle, int wrong) {
        if (emissions.emitterOf(one) == emissions.emitterOf(other) && other < one) {
            return "emitter " + emissions.emitter(one) + " has emitted that first";
        }
        for (Run run : runs) {
            if (receivedInOrder(run, other, one)) {
                return "client " + run.client().name() + " received that first";
            }
        }
        List<Integer> path = new ArrayList<>();
        for (int i = 1; i <= cycle.size(); i++) {
            path.add(graph.from(cycle.get((cycle.indexOf(wrong) + i) % cycle.size())));
        }
        return "emitters and other clients have these in this order: "
                + path.stream().limit(MOST_NAMED).map(emissions::named).collect(Collectors.joining(", "))
                + (path.size() > MOST_NAMED ? ", … and in the end " + emissions.named(one) : "");
    }

    /** The first run that has two emissions right after each other, or begins with the other one after the place of the one. */
    private @Nullable Run runOf(int one, int other) {
        for (Run run : runs) {
            Ints events = run.events();
            for (int i = 1; i < events.size(); i++) {
                if (events.get(i - 1) == one && events.get(i) == other) {
                    return run;
                }
            }
            for (Stretch stretch : run.stretches()) {
                if (stretch.place == one && stretch.from < events.size() && events.get(stretch.from) == other) {
                    return run;
                }
            }
        }
        return null;
    }

    private static boolean receivedInOrder(Run run, int first, int second) {
        boolean hasFirst = false;
        for (int i = 0; i < run.events().size(); i++) {
            int event = run.events().get(i);
            hasFirst |= event == first;
            if (event == second) {
                return hasFirst;
            }
        }
        return false;
    }
}
