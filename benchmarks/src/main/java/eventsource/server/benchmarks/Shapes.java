package eventsource.server.benchmarks;

import eventsource.server.RingShape;
import java.util.List;
import java.util.function.Consumer;

/**
 * The journal's present shape and two others under the same loads. Usage: {@code Shapes [FORKS [ROUNDS [PERCENT]]]}, the
 * last being the size of the loads; each in a JVM of its own, the shapes by turns, unless {@code LOAD SHAPE ROUNDS PERCENT}
 * are given.
 */
public final class Shapes {

    /** Enough for the largest load, and the same from the start, so that none pays for growing. */
    private static final List<String> FLAGS = List.of("-Xms4g", "-Xmx4g");

    static final List<String> SHAPES = List.of("rings", "linked", "index");

    private Shapes() {}

    public static void main(String[] args) {
        if (args.length == 4) {
            run(args[0], args[1], Integer.parseInt(args[2]), Integer.parseInt(args[3]), System.out::println);
            return;
        }
        String forks = args.length > 0 ? args[0] : "3";
        String rounds = args.length > 1 ? args[1] : "4";
        String percent = args.length > 2 ? args[2] : "100";
        try (Raw raw = new Raw("shapes")) {
            for (int fork = 0; fork < Integer.parseInt(forks); fork++) {
                for (String load : ShapeLoad.LOADS) {
                    for (String shape : SHAPES) {
                        Fork.run(FLAGS, Shapes.class, List.of(load, shape, rounds, percent), raw::line);
                    }
                }
            }
        }
    }

    static void run(String load, String shape, int rounds, int percent, Consumer<Row> rows) {
        new ShapeLoad(
                        feeds -> make(shape, feeds),
                        rounds,
                        percent,
                        (metric, value) -> rows.accept(
                                Row.of("shapes", "load", load, "metric", metric, "shape", shape, "value", value)))
                .run(load);
    }

    static Shape make(String name, int feeds) {
        return switch (name) {
            case "rings" -> new RingShape(feeds);
            case "linked" -> new LinkedShape(feeds);
            case "index" -> new IndexShape(feeds);
            default -> throw new IllegalArgumentException(name);
        };
    }
}
