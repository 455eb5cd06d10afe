package eventsource.server.testkit.checker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntConsumer;

/**
 * Breaks what emitters and clients say up to where they no longer contradict each other: as long as there is a cycle, the
 * edge of it that the fewest support is reported and removed.
 */
final class Cycles {

    private static final int MOST_REPORTED = 100;

    /** How much is looked at for a shorter cycle than the first that was found. */
    private static final int MOST_STARTS = 32;

    private static final int MOST_VISITED = 10_000;

    private final Graph graph;
    private final Contradiction contradiction;
    private int reported;

    /** No emission before this one waits for another. */
    private int start;

    Cycles(Graph graph, Contradiction contradiction) {
        this.graph = graph;
        this.contradiction = contradiction;
    }

    /**
     * Breaks a cycle, of which there is at least one; or all of them, if there were many.
     *
     * @param waitsFor by emission: how many edges lead to it from others that wait
     * @param removed is told which edges were removed, each at once
     */
    void breakOne(int[] waitsFor, IntConsumer removed) {
        if (reported++ == MOST_REPORTED) {
            contradiction.reportMore();
            removeAll(waitsFor, removed);
            return;
        }
        List<Integer> cycle = shorten(find(waitsFor), waitsFor);
        int weakest = cycle.get(0);
        for (int edge : cycle) {
            weakest = graph.support(edge) < graph.support(weakest) ? edge : weakest;
        }
        contradiction.report(cycle, weakest);
        remove(weakest, removed);
    }

    private void removeAll(int[] waitsFor, IntConsumer removed) {
        for (int edge = 0; edge < graph.edges(); edge++) {
            if (waitsFor[graph.from(edge)] > 0 && !graph.isRemoved(edge) && !graph.isCertain(edge)) {
                remove(edge, removed);
            }
        }
    }

    private void remove(int edge, IntConsumer removed) {
        graph.remove(edge);
        removed.accept(edge);
    }

    /** Goes from one emission that waits to one that it waits for, until that is one where it has been. */
    private List<Integer> find(int[] waitsFor) {
        while (waitsFor[start] == 0) {
            start++;
        }
        Map<Integer, Integer> stepsTo = new HashMap<>();
        List<Integer> edges = new ArrayList<>();
        int at = start;
        while (!stepsTo.containsKey(at)) {
            stepsTo.put(at, edges.size());
            int edge = graph.in(at);
            while (graph.isRemoved(edge) || waitsFor[graph.from(edge)] == 0) {
                edge = graph.nextIn(edge);
            }
            edges.add(edge);
            at = graph.from(edge);
        }
        List<Integer> cycle = new ArrayList<>(edges.subList(stepsTo.get(at), edges.size()));
        Collections.reverse(cycle);
        return cycle;
    }

    /** Looks for a shorter cycle through the emissions of one. */
    private List<Integer> shorten(List<Integer> cycle, int[] waitsFor) {
        List<Integer> shortest = cycle;
        for (int i = 0; i < Math.min(cycle.size(), MOST_STARTS); i++) {
            List<Integer> other = shortestThrough(graph.from(cycle.get(i)), waitsFor);
            shortest = !other.isEmpty() && other.size() < shortest.size() ? other : shortest;
        }
        return shortest;
    }

    /** Searches breadth first; finds nothing if that takes too long. */
    private List<Integer> shortestThrough(int emission, int[] waitsFor) {
        Map<Integer, Integer> arrivals = new HashMap<>();
        Deque<Integer> waiting = new ArrayDeque<>(List.of(emission));
        while (!waiting.isEmpty() && arrivals.size() < MOST_VISITED) {
            int at = waiting.remove();
            for (int edge = graph.out(at); edge != Graph.NONE; edge = graph.nextOut(edge)) {
                int next = graph.to(edge);
                if (!graph.isRemoved(edge) && waitsFor[next] > 0 && arrivals.putIfAbsent(next, edge) == null) {
                    waiting.add(next);
                }
                if (next == emission && arrivals.containsKey(next)) {
                    return pathTo(emission, arrivals);
                }
            }
        }
        return List.of();
    }

    private List<Integer> pathTo(int emission, Map<Integer, Integer> arrivals) {
        List<Integer> path = new ArrayList<>();
        int at = emission;
        do {
            int edge = Objects.requireNonNull(arrivals.get(at));
            path.add(0, edge);
            at = graph.from(edge);
        } while (at != emission);
        return path;
    }
}
