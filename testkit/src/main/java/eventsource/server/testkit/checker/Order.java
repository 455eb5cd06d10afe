package eventsource.server.testkit.checker;

import java.util.List;

/**
 * What is known of the one order of all emissions. It is a partial one: two emissions that no client has both received, of
 * different emitters, may have been stored either way.
 *
 * <p>Each emitter's emissions are a chain. So all that comes before an emission is known from one number for each emitter: how
 * many of its emissions do.
 */
final class Order {

    private final Emissions emissions;
    private final Graph graph;
    private final Cycles cycles;

    /** By emission: how many of each emitter's come before it, or are it. */
    private final int[][] before;

    /** By emission: how many edges there are from emissions that were not yet visited. */
    private final int[] waitsFor;

    private final int[] queue;
    private int queued;
    private int visited;

    Order(Emissions emissions, List<Run> runs, List<Finding> findings) {
        this.emissions = emissions;
        graph = new Graph(emissions, runs);
        cycles = new Cycles(graph, new Contradiction(emissions, graph, runs, findings));
        before = new int[emissions.count()][emissions.emitters()];
        waitsFor = new int[emissions.count()];
        queue = new int[emissions.count()];
        sort();
    }

    /** Visits each emission after all that come before it. Where that is impossible, edges are reported and removed. */
    private void sort() {
        for (int edge = 0; edge < graph.edges(); edge++) {
            waitsFor[graph.to(edge)]++;
        }
        for (int emission = 0; emission < emissions.count(); emission++) {
            enqueueIfReady(emission);
        }
        while (visited < emissions.count()) {
            while (visited < queued) {
                visit(queue[visited++]);
            }
            if (visited < emissions.count()) {
                cycles.breakOne(waitsFor, edge -> {
                    waitsFor[graph.to(edge)]--;
                    enqueueIfReady(graph.to(edge));
                });
            }
        }
    }

    private void enqueueIfReady(int emission) {
        if (waitsFor[emission] == 0) {
            queue[queued++] = emission;
        }
    }

    private void visit(int emission) {
        int[] mine = before[emission];
        mine[emissions.emitterOf(emission)] = emissions.indexOf(emission) + 1;
        for (int edge = graph.out(emission); edge != Graph.NONE; edge = graph.nextOut(edge)) {
            if (!graph.isRemoved(edge)) {
                int next = graph.to(edge);
                for (int i = 0; i < mine.length; i++) {
                    before[next][i] = Math.max(before[next][i], mine[i]);
                }
                waitsFor[next]--;
                enqueueIfReady(next);
            }
        }
    }

    /** Whether an emission is known to come before another, or is it. */
    boolean isBefore(int one, int other) {
        return before[other][emissions.emitterOf(one)] > emissions.indexOf(one);
    }

    /** How many of an emitter's emissions are known to come before an emission, itself included. */
    int before(int emission, int emitter) {
        return before[emission][emitter];
    }

    /** The index of the first of an emitter's emissions that is known to come after an emission. */
    int firstAfter(int emission, int emitter) {
        if (emitter == emissions.emitterOf(emission)) {
            return emissions.indexOf(emission) + 1;
        }
        int low = 0;
        int high = emissions.emissionsOf(emitter);
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (isBefore(emission, emissions.firstOf(emitter) + middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
