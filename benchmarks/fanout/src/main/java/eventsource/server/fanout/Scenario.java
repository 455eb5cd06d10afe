package eventsource.server.fanout;

import java.util.List;

/**
 * What is done to each contestant.
 *
 * @param name as in options, and of the file of raw results
 * @param streams how many clients
 * @param bytes of an event's data
 * @param burst how many events are emitted at once
 * @param warmSeconds how long it goes on before anything is measured
 * @param seconds how long it is measured, if it is not stalled
 * @param megabytes if not 0, one client stops reading, and this much is emitted
 * @param rounds how often
 */
record Scenario(
        String name, int streams, int bytes, int burst, double warmSeconds, double seconds, int megabytes, int rounds) {

    static final List<Scenario> ALL = List.of(
            new Scenario("saturated-1000", 1_000, 100, 1, 4, 3, 0, 5),
            new Scenario("saturated-10000", 10_000, 100, 1, 4, 3, 0, 5),
            new Scenario("burst", 100, 100, 100, 3, 2, 0, 5),
            new Scenario("stalled", 100, 16_384, 1, 1, 0, 50, 1));

    boolean isStalled() {
        return megabytes > 0;
    }

    /** How many events are emitted while a client is stalled. */
    int stalledEvents() {
        return Math.max(1, (int) (megabytes * 1_000_000L / bytes));
    }

    Scenario with(int otherStreams, double otherWarm, double otherSeconds, int otherMegabytes, int otherRounds) {
        return new Scenario(name, otherStreams, bytes, burst, otherWarm, otherSeconds, otherMegabytes, otherRounds);
    }
}
