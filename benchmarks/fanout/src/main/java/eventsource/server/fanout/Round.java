package eventsource.server.fanout;

import eventsource.server.benchmarks.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One run of one contestant: a server, its clients, and a row of what was measured. */
final class Round {

    private static final int FIRST_EVENTS = 3;
    private static final int WARM_UPS = 10;
    private static final long MOST_END_NANOS = 60_000_000_000L;
    private static final int WAVES = 8; // of all streams, before the one that counts

    private final Scenario scenario;
    private final List<Object> values = new ArrayList<>();

    private Round(Scenario scenario, Contestant contestant, int round) {
        this.scenario = scenario;
        add("scenario", scenario.name(), "contestant", contestant.name(), "round", round);
        add("streams", scenario.streams(), "topics", scenario.topics(), "bytes", scenario.bytes());
        add("posts", scenario.posts());
        add("version", contestant.versions().isEmpty() ? "-" : contestant.versions());
    }

    /**
     * Runs a scenario once.
     *
     * @param flags for the contestant's JVM
     * @param stalled whether a client stops reading
     * @param profile where a recording of the measured phase goes; {@code null} for none
     * @return what was measured, or why the run is void
     */
    static Row run(
            Scenario scenario,
            Contestant contestant,
            List<String> flags,
            int round,
            boolean stalled,
            @Nullable Path profile)
            throws InterruptedException {
        Round run = new Round(scenario, contestant, round);
        List<String> all = new ArrayList<>(flags);
        all.addAll(scenario.flags());
        try (Server server = Server.start(contestant, all);
                Clients clients = new Clients(
                        server.streams(), contestant.tls(), server.emit(), scenario.topics(), scenario.bytes())) {
            run.measure(server, clients, stalled, profile);
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

    private void measure(Server server, Clients clients, boolean stalled, @Nullable Path profile)
            throws IOException, InterruptedException {
        switch (scenario.kind()) {
            case SATURATED -> {
                heap(server, clients);
                emitFor(scenario.warmSeconds(), clients);
                if (profile != null) {
                    server.startRecording();
                }
                saturate(server, clients);
                if (profile != null) {
                    server.stopRecording(profile);
                }
            }
            case TICKING -> tick(server, clients);
            case IDLE -> idle(server, clients);
            case ACCEPT -> accept(server, clients);
            case HOSTS -> end(server, clients);
            case STALLED, STALLED_OR_NOT -> {
                clients.open(scenario.streams());
                emitFor(scenario.warmSeconds(), clients);
                stall(server, clients, stalled);
            }
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
        addHeap(before, scenario.streams() - first, server);
    }

    private void addHeap(long before, int streams, Server server) throws IOException, InterruptedException {
        add("heap_bytes_per_stream", number((double) (server.heapBytes() - before) / Math.max(1, streams)));
        add("resident_kib", server.residentBytes() / 1024);
    }

    private static void emit(int events, Clients clients) throws IOException {
        for (int i = 0; i < events; i++) {
            if (!clients.emit(1)) {
                throw new VoidRun("nothing arrived for ten seconds");
            }
        }
    }

    private long emitFor(double seconds, Clients clients) throws IOException {
        return scenario.posts() * clients.emitUntil(System.nanoTime() + (long) (seconds * 1e9), scenario.posts());
    }

    private void saturate(Server server, Clients clients) throws IOException {
        clients.reset();
        OptionalLong allocated = server.allocatedBytes();
        long reads = clients.reads();
        long segments = Segments.sent();
        long start = System.nanoTime();
        Server.Cpu before = server.cpu();
        long events = emitFor(scenario.seconds(), clients);
        Server.Cpu used = server.cpu().since(before);
        double seconds = (System.nanoTime() - start) / 1e9;
        segments = Segments.sent() - segments;
        double deliveries = (double) events * scenario.streams() / scenario.topics();
        add("events", events, "deliveries", (long) deliveries, "seconds", number(seconds));
        cpu(used, deliveries);
        add("deliveries_per_second", number(deliveries / seconds));
        add("client_reads_per_delivery", number((clients.reads() - reads) / deliveries));
        add("segments_per_delivery", number(segments / deliveries));
        allocated(allocated, server.allocatedBytes(), deliveries);
        latencies(clients.latencies());
    }

    private void allocated(OptionalLong before, OptionalLong after, double deliveries) {
        if (before.isPresent() && after.isPresent()) {
            add("allocated_bytes_per_delivery", number((after.getAsLong() - before.getAsLong()) / deliveries));
        }
    }

    private void tick(Server server, Clients clients) throws IOException {
        clients.connect(scenario.streams());
        clients.readFor(scenario.warmSeconds());
        OptionalLong allocated = server.allocatedBytes();
        long before = clients.events();
        Server.Cpu cpuBefore = server.cpu();
        clients.readFor(scenario.seconds());
        Server.Cpu used = server.cpu().since(cpuBefore);
        double deliveries = clients.events() - before;
        if (deliveries == 0) {
            throw new VoidRun("nothing arrived");
        }
        add("deliveries", (long) deliveries, "seconds", number(scenario.seconds()));
        cpu(used, deliveries);
        add("deliveries_per_second", number(deliveries / scenario.seconds()));
        allocated(allocated, server.allocatedBytes(), deliveries);
    }

    private void cpu(Server.Cpu used, double deliveries) {
        add("cpu_us", number((used.user() + used.system()) * 1e6 / deliveries));
        add("user_us", number(used.user() * 1e6 / deliveries), "system_us", number(used.system() * 1e6 / deliveries));
    }

    /** Streams to which nothing is sent but heartbeats. As many come and go before, so that what accepts them is warm. */
    private void idle(Server server, Clients clients) throws IOException, InterruptedException {
        int first = Math.max(1, scenario.streams() / 10);
        int rest = scenario.streams() - first;
        for (int i = 0; i < WARM_UPS; i++) {
            clients.connect(first);
            clients.awaitAllHeads();
            clients.disconnect();
        }
        clients.connect(first);
        long before = server.heapBytes();
        clients.connect(rest);
        clients.awaitAllHeads();
        addHeap(before, rest, server);
        clients.readFor(scenario.warmSeconds());
        long chunks = clients.chunks();
        Server.Cpu cpuBefore = server.cpu();
        clients.readFor(scenario.seconds());
        Server.Cpu used = server.cpu().since(cpuBefore);
        chunks = clients.chunks() - chunks;
        add("heartbeats", chunks, "heartbeats_asked", (long) (scenario.streams() * scenario.seconds()));
        if (chunks > 0) {
            cpu(used, (double) chunks);
        }
    }

    private void accept(Server server, Clients clients) throws IOException {
        for (int i = 0; i < WAVES; i++) {
            clients.rush(scenario.streams());
            clients.disconnect();
        }
        Server.Cpu cpuBefore = server.cpu();
        long start = System.nanoTime();
        clients.rush(scenario.streams());
        double seconds = (System.nanoTime() - start) / 1e9;
        Server.Cpu used = server.cpu().since(cpuBefore);
        add("accepted_per_second", number(scenario.streams() / seconds));
        cpu(used, scenario.streams());
    }

    /** What streams take, and what happens when a server is asked to end that has them. */
    private void end(Server server, Clients clients) throws IOException, InterruptedException {
        server.heapBytes(); // from now on it has a thread for such questions
        long threads = server.threads();
        heap(server, clients);
        emitFor(scenario.warmSeconds(), clients);
        add("threads_added", server.threads() - threads);
        long start = System.nanoTime();
        CompletableFuture<Long> exited = server.end();
        Ends ends = clients.awaitEnds(exited, MOST_END_NANOS);
        boolean done = exited.isDone();
        add("ended", done, "end_seconds", number((done ? exited.join() - start : MOST_END_NANOS) / 1e9));
        add("streams_whole", ends.whole(), "streams_cut", ends.all() - ends.whole());
    }

    private void latencies(Latencies latencies) {
        add("p50_ms", number(latencies.quantile(0.5) / 1e6), "p99_ms", number(latencies.quantile(0.99) / 1e6));
        add("p999_ms", number(latencies.quantile(0.999) / 1e6));
    }

    private void stall(Server server, Clients clients, boolean stalled) throws IOException, InterruptedException {
        long heap = server.heapBytes();
        long resident = server.residentBytes();
        if (stalled) {
            clients.stall();
        }
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
        add("stalled", stalled);
        if (!stalled) {
            return;
        }
        Resumed resumed = clients.resume();
        add("stalled_events", resumed.events(), "stalled_gaps", resumed.gaps(), "stalled_ended", resumed.ended());
    }
}
