package eventsource.server.testkit.checker;

import eventsource.server.testkit.checker.Run.Stretch;
import java.util.Arrays;
import java.util.List;

/** Which emissions come right before which others, as emitters have emitted them, or clients have received them. */
final class Graph {

    /** Stands for no edge. */
    static final int NONE = -1;

    private static final int CERTAIN = Integer.MAX_VALUE;

    // By emission: the newest edge of its list.
    private final int[] out;
    private final int[] in;

    // By edge. There are few per emission: clients that ask for the same topics all have the same.
    private final Ints from = new Ints();
    private final Ints to = new Ints();
    private final Ints nextOut = new Ints();
    private final Ints nextIn = new Ints();
    private final Ints support = new Ints();

    Graph(Emissions emissions, List<Run> runs) {
        out = new int[emissions.count()];
        in = new int[emissions.count()];
        Arrays.fill(out, NONE);
        Arrays.fill(in, NONE);
        for (int emission = 1; emission < emissions.count(); emission++) {
            if (emissions.indexOf(emission) > 0) {
                addNew(emission - 1, emission, CERTAIN);
            }
        }
        runs.forEach(this::add);
    }

    private void add(Run run) {
        Ints events = run.events();
        for (int i = 1; i < events.size(); i++) {
            add(events.get(i - 1), events.get(i));
        }
        for (Stretch stretch : run.stretches()) {
            if (stretch.place != Run.NONE && stretch.from < events.size()) {
                add(stretch.place, events.get(stretch.from));
            }
        }
    }

    private void add(int one, int other) {
        int edge = out[one];
        while (edge != NONE && to.get(edge) != other) {
            edge = nextOut.get(edge);
        }
        if (edge == NONE) {
            addNew(one, other, 1);
        } else if (support.get(edge) < CERTAIN) {
            support.set(edge, support.get(edge) + 1);
        }
    }

    private void addNew(int one, int other, int by) {
        int edge = from.size();
        from.add(one);
        to.add(other);
        support.add(by);
        nextOut.add(out[one]);
        nextIn.add(in[other]);
        out[one] = edge;
        in[other] = edge;
    }

    int edges() {
        return from.size();
    }

    int from(int edge) {
        return from.get(edge);
    }

    int to(int edge) {
        return to.get(edge);
    }

    /** The first of the edges that lead away from an emission; some of them may have been removed. */
    int out(int emission) {
        return out[emission];
    }

    int nextOut(int edge) {
        return nextOut.get(edge);
    }

    /** The first of the edges that lead to an emission; some of them may have been removed. */
    int in(int emission) {
        return in[emission];
    }

    int nextIn(int edge) {
        return nextIn.get(edge);
    }

    /** By how many runs an edge is supported. */
    int support(int edge) {
        return support.get(edge);
    }

    /** Whether an edge is what an emitter did: no cycle has edges like this only. */
    boolean isCertain(int edge) {
        return support.get(edge) == CERTAIN;
    }

    boolean isRemoved(int edge) {
        return support.get(edge) == 0;
    }

    void remove(int edge) {
        support.set(edge, 0);
    }
}
