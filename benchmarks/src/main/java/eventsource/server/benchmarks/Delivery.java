package eventsource.server.benchmarks;

import java.util.List;

/**
 * What one delivery costs between {@code emit} and {@code onNext}, without sockets: an emitter emits a burst of events,
 * waits until all clients have them, and goes on. Usage: {@code Delivery [ROUNDS SECONDS [SCENARIO]]}; each scenario in a
 * JVM of its own unless one is named.
 */
public final class Delivery {

    private static final int FORKS = 2;

    private Delivery() {}

    /**
     * A load.
     *
     * @param topicsEach how many topics each stream follows
     * @param burst how many events are emitted before the emitter waits
     * @param threads of the executor; 0 for the default one
     */
    record Scenario(String name, int streams, int topics, int topicsEach, int burst, int threads) {}

    static final List<Scenario> SCENARIOS = List.of(
            new Scenario("1_topic_1000_streams", 1_000, 1, 1, 1, 1),
            new Scenario("1_topic_1000_streams", 1_000, 1, 1, 1, 0),
            new Scenario("1_topic_50000_streams", 50_000, 1, 1, 1, 1),
            new Scenario("1_topic_50000_streams", 50_000, 1, 1, 1, 0),
            new Scenario("1_topic_50000_streams_bursts", 50_000, 1, 1, 100, 0),
            new Scenario("100000_topics_1_stream_each", 100_000, 100_000, 1, 10_000, 1),
            new Scenario("100000_topics_1_stream_each", 100_000, 100_000, 1, 10_000, 0),
            new Scenario("2000_streams_with_20_topics_each", 2_000, 1_000, 20, 1, 1),
            new Scenario("2000_streams_with_20_topics_each", 2_000, 1_000, 20, 1, 0),
            new Scenario("2000_streams_with_20_topics_each_bursts", 2_000, 1_000, 20, 1_000, 0));

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 4;
        double seconds = args.length > 1 ? Double.parseDouble(args[1]) : 0.5;
        if (args.length == 3) {
            new Load(SCENARIOS.get(Integer.parseInt(args[2]))).run(rounds, seconds, row -> System.out.println(row));
            return;
        }
        try (Raw raw = new Raw("delivery")) {
            for (int fork = 0; fork < FORKS; fork++) {
                for (int i = 0; i < SCENARIOS.size(); i++) {
                    List<String> arguments = List.of("" + rounds, "" + seconds, "" + i);
                    Fork.run(List.of(), Delivery.class, arguments, raw::line);
                }
            }
        }
    }
}
