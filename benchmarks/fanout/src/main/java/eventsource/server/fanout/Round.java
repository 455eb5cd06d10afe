package eventsource.server.fanout;

import eventsource.server.benchmarks.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** One run of one contestant: a server, its clients, and a row of what was measured. */
final class Round {

    private static final int FIRST_EVENTS = 3;

    private final Scenario scenario;
    private final List<Object> values = new ArrayList<>();

    private Round(Scenario scenario, Contestant contestant, int round) {
        this.scenario = scenario;
        add("scenario", scenario.name(), "contestant", contestant.name(), "round", round);
        add("streams", scenario.streams(), "bytes", scenario.bytes(), "burst", scenario.burst());
        add("version", contestant.versions().isEmpty() ? "-" : contestant.versions());
    }

    /**
     * Runs a scenario once.
     *
     * @param flags for the contestant's JVM
     * @return what was measured, or why the run is void
     */
    static Row run(Scenario scenario, Contestant contestant, List<String> flags, int round)
            throws InterruptedException {
        Round run = new Round(scenario, contestant, round);
        try (Server server = Server.start(contestant, flags);
                Clients clients = new Clients(server.streams(), server.emit(), scenario.bytes())) {
            run.measure(server, clients);
        } catch (IOException failure) {
            run.add(
                    "void",
                    String.valueOf(failure.getMessage()).lines().findFirst().orElse("unknown"));
        }
        return Row.of("run", run.values.toArray());
    }

    private void add(Object... namesAndValues) {
        values.addAll(Arrays.asList(namesAndValues));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private void measure(Server server, Clients clients) throws IOException, InterruptedException {
        if (scenario.isStalled()) {
            clients.open(scenario.streams());
            emitFor(scenario.warmSeconds(), clients);
            stall(server, clients);
        } else {
            heap(server, clients);
            emitFor(scenario.warmSeconds(), clients);
            saturate(server, clients);
        }
    }

    /** What the last nine tenths of the streams take, so that whatever the first ones load is not counted. */
    private void heap(Server server, Clients clients) throws IOException, InterruptedException {
        int first = Math.max(1, scenario.streams() / 10);
        clients.open(first);
        emit(FIRST_EVENTS, clients);
        long before = server.heapBytes();
        clients.open(scenario.streams() - first);
        emit(FIRST_EVENTS, clients);
        long after = server.heapBytes();
        add("heap_bytes_per_stream", number((double) (after - before) / Math.max(1, scenario.streams() - first)));
        add("resident_kib", server.residentBytes() / 1024);
    }

    private static void emit(int events, Clients clients) throws IOException {
        for (int i = 0; i < events; i++) {
            emit(clients, 1);
        }
    }

    private static void emit(Clients clients, int burst) throws IOException {
        if (!clients.emit(burst)) {
            throw new VoidRun("nothing arrived for ten seconds");
        }
    }

    private long emitFor(double seconds, Clients clients) throws IOException {
        long until = System.nanoTime() + (long) (seconds * 1e9);
        long events = 0;
        while (System.nanoTime() < until) {
            emit(clients, scenario.burst());
            events += scenario.burst();
        }
        return events;
    }

    private void saturate(Server server, Clients clients) throws IOException {
        clients.reset();
        long reads = clients.reads();
        long start = System.nanoTime();
        Server.Cpu before = server.cpu();
        long events = emitFor(scenario.seconds(), clients);
        Server.Cpu used = server.cpu().since(before);
        double seconds = (System.nanoTime() - start) / 1e9;
        double deliveries = (double) events * scenario.streams();
        add("events", events, "deliveries", (long) deliveries, "seconds", number(seconds));
        add("cpu_us", number((used.user() + used.system()) * 1e6 / deliveries));
        add("user_us", number(used.user() * 1e6 / deliveries), "system_us", number(used.system() * 1e6 / deliveries));
        add("deliveries_per_second", number(deliveries / seconds));
        add("client_reads_per_delivery", number((clients.reads() - reads) / deliveries));
        latencies(clients.latencies());
    }

    private void latencies(Latencies latencies) {
        add("p50_ms", number(latencies.quantile(0.5) / 1e6), "p99_ms", number(latencies.quantile(0.99) / 1e6));
        add("p999_ms", number(latencies.quantile(0.999) / 1e6));
    }

    private void stall(Server server, Clients clients) throws IOException, InterruptedException {
        long heap = server.heapBytes();
        long resident = server.residentBytes();
        clients.stall();
        clients.reset();
        long start = System.nanoTime();
        int events = 0;
        while (events < scenario.stalledEvents() && clients.emit(1)) {
            events++;
        }
        boolean complete = events == scenario.stalledEvents();
        add("events", events, "events_asked", scenario.stalledEvents(), "others_complete", complete);
        add("seconds", number((System.nanoTime() - start) / 1e9 - (complete ? 0 : Clients.STUCK_NANOS / 1e9)));
        latencies(clients.latencies());
        add("heap_growth_mb", number((server.heapBytes() - heap) / 1e6));
        add("resident_growth_mb", number((server.residentBytes() - resident) / 1e6));
        Clients.Resumed resumed = clients.resume();
        add("stalled_events", resumed.events(), "stalled_gaps", resumed.gaps(), "stalled_ended", resumed.ended());
    }
}
