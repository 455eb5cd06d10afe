package eventsource.server.benchmarks;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.EventSourceServerBuilder;
import eventsource.server.StreamRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A server with its clients, and the one thread that emits. */
final class Load {

    private static final String DATA = "x".repeat(100);
    private static final Event EVENT = Event.of(DATA);
    private static final int FIXED_BYTES = ("data: " + DATA + "\nid: \n\n").length();

    private final Delivery.Scenario scenario;
    private final Arrivals arrivals = new Arrivals();
    private final Random random = new Random(20261122);
    private final List<Client> clients = new ArrayList<>();
    private final String[] topics;
    private final int[][] followers; // by topic: a cell and how many clients of it follow, and so on
    private final ThreadPoolExecutor ownThreads;
    private final EventSourceServer server;
    private final int prefix; // of an id, before the number
    private long number;

    Load(Delivery.Scenario scenario) {
        this.scenario = scenario;
        topics = new String[scenario.topics()];
        for (int i = 0; i < topics.length; i++) {
            topics[i] = "topic/" + i;
        }
        int threads = Math.max(1, scenario.threads());
        ownThreads = new ThreadPoolExecutor(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
        EventSourceServerBuilder builder = EventSourceServer.builder()
                .keepalive(Duration.ZERO)
                .maxStreams(scenario.streams())
                .retainBytes(16 << 20);
        server = (scenario.threads() > 0 ? builder.executor(ownThreads) : builder).build();
        followers = openStreams();
        String id =
                server.emit(EVENT, "followed by nobody").toCompletableFuture().join();
        prefix = id.lastIndexOf('-') + 1;
        number = Long.parseLong(id.substring(prefix), 36);
    }

    void run(int rounds, double seconds, Consumer<Row> rows) {
        measure(6 * seconds); // warms up
        measure(6 * seconds);
        for (int round = 0; round < rounds; round++) {
            rows.accept(measure(seconds));
        }
        server.stop();
        ownThreads.shutdown();
    }

    // --- clients ---

    private int[][] openStreams() {
        int[][] perCell = new int[topics.length][0];
        CountDownLatch begun = new CountDownLatch(scenario.streams());
        for (int i = 0; i < scenario.streams(); i++) {
            int cell = random.nextInt(Arrivals.CELLS);
            Client client = new Client(cell, arrivals, begun);
            clients.add(client);
            String[] names = new String[scenario.topicsEach()];
            int[] followed = choose(i);
            for (int j = 0; j < names.length; j++) {
                names[j] = topics[followed[j]];
                perCell[followed[j]] = plusOne(perCell[followed[j]], cell);
            }
            server.outSupply(StreamRequest.of(names)).subscribe(client);
        }
        await(begun);
        return perCell;
    }

    private int[] choose(int stream) {
        return scenario.topicsEach() == 1
                ? new int[] {stream % topics.length}
                : random.ints(0, topics.length)
                        .distinct()
                        .limit(scenario.topicsEach())
                        .toArray();
    }

    /** Counts one more client in a cell. */
    private static int[] plusOne(int[] pairs, int cell) {
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i] == cell) {
                pairs[i + 1]++;
                return pairs;
            }
        }
        int[] more = Arrays.copyOf(pairs, pairs.length + 2);
        more[pairs.length] = cell;
        more[pairs.length + 1] = 1;
        return more;
    }

    private static void await(CountDownLatch begun) {
        try {
            if (!begun.await(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException(begun.getCount() + " streams have not begun after a minute");
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    // --- measuring ---

    /** @param seconds of processor time, so that a busy machine makes rounds longer, and not colder */
    private Row measure(double seconds) {
        double loop = bareLoop(seconds / 10);
        long elements = elements();
        long wakes = ownThreads.getCompletedTaskCount();
        long deliveries = 0;
        long events = 0;
        Usage before = Usage.now();
        long end = before.cpuNanos() + (long) (seconds * 1e9);
        do {
            deliveries += burst();
            events += scenario.burst();
        } while (Usage.cpu() < end);
        Usage used = Usage.now().since(before);
        elements = elements() - elements;
        wakes = ownThreads.getCompletedTaskCount() - wakes;
        loop = (loop + bareLoop(seconds / 10)) / 2;
        return Row.of(
                "delivery",
                "scenario",
                scenario.name(),
                "threads",
                scenario.threads() == 0 ? "default" : scenario.threads(),
                "events",
                events,
                "deliveries",
                deliveries,
                "elements",
                elements,
                "cpu_ns_per_delivery",
                (double) used.cpuNanos() / deliveries,
                "emitter_cpu_ns_per_event",
                (double) used.ownCpuNanos() / events,
                "other_cpu_ns_per_element",
                (double) (used.cpuNanos() - used.ownCpuNanos()) / elements,
                "wall_ns_per_delivery",
                (double) used.wallNanos() / deliveries,
                "bytes_per_delivery",
                (double) used.allocated() / deliveries,
                "bare_loop_cpu_ns",
                loop,
                "wakes", // of the executor; known of an own one only
                wakes);
    }

    /** What a delivery costs just now, in processor time, if there is nothing to do but to give each client a buffer. */
    private double bareLoop(double seconds) {
        ByteBuffer bytes =
                ByteBuffer.wrap(DATA.getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();
        Usage before = Usage.now();
        long end = before.cpuNanos() + (long) (seconds * 1e9);
        long deliveries = 0;
        do {
            for (Client client : clients) {
                client.take(bytes.duplicate());
            }
            deliveries += clients.size();
        } while (Usage.cpu() < end);
        return (double) Usage.now().since(before).ownCpuNanos() / deliveries;
    }

    private long elements() {
        return clients.stream().mapToLong(client -> client.elements).sum();
    }

    /** Emits some events and waits until all who follow their topics have them. Gives how many deliveries these are. */
    private long burst() {
        long deliveries = 0;
        int[] to = new int[scenario.burst()];
        for (int i = 0; i < to.length; i++) {
            to[i] = topics.length == 1 ? 0 : random.nextInt(topics.length);
            int bytes = FIXED_BYTES + prefix + Long.toString(++number, 36).length();
            int[] pairs = followers[to[i]];
            for (int j = 0; j < pairs.length; j += 2) {
                arrivals.expect(pairs[j], (long) bytes * pairs[j + 1]);
                deliveries += pairs[j + 1];
            }
        }
        arrivals.begin();
        for (int topic : to) {
            server.emit(EVENT, topics[topic]);
        }
        arrivals.await();
        return deliveries;
    }
}
