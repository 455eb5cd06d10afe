package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.StreamRequest;
import eventsource.server.jdkhttpserver.EventSourceHandler;
import eventsource.server.parser.TestClient;
import eventsource.server.spi.HttpManners;
import eventsource.server.testkit.checker.Checker;
import eventsource.server.testkit.checker.ClientRecorder;
import eventsource.server.testkit.checker.EmitterRecorder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Everything that some emitters emit and dozens of clients receive over sockets, held against the promises. */
@Timeout(300)
class CheckedHistoryTest {

    private static final List<String> TOPICS = List.of("a", "b", "c", "d");
    private static final int EMITTERS = 3;
    private static final int EVENTS = 700;
    private static final int CLIENTS = 30;
    private static final int CUTS = 20;
    private static final int RETAINED = 40;

    /** Fewer than are retained: the steady client, for which the emitters wait, never lags so far. */
    private static final int AHEAD = 30;

    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final Checker checker = new Checker().gapEvent("gap").openingEvent("opened");
    private final Tally tally = new Tally(EMITTERS * EVENTS);
    private final Semaphore ahead = new Semaphore(AHEAD);
    private final List<CutClient> clients = new ArrayList<>();

    @Test
    @DisplayName("clients that are cut at any byte miss nothing of their topics, get nothing twice, or are told")
    void clientsThatAreCut() throws Exception {
        EventSourceServer server = EventSourceServer.builder()
                .gapEvent("gap")
                .openingEvent("opened")
                .retainPerTopic(RETAINED)
                .build();
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
        http.createContext(
                "/",
                EventSourceHandler.of(
                        HttpManners.builder(server).topicParameter("topic").build()));
        ExecutorService threads = Executors.newCachedThreadPool();
        http.setExecutor(threads);
        http.start();
        try (TestClient steady = steady(http.getAddress().getPort())) {
            run(server, http.getAddress().getPort(), steady, threads);
        } finally {
            server.close();
            http.stop(0);
            threads.shutdownNow();
        }
        checker.check();
        int gaps = clients.stream().mapToInt(CutClient::gaps).sum();
        System.out.println(checker + "; " + gaps + " of " + CLIENTS * CUTS + " returns with a gap; seed " + seed);
        assertTrue(gaps > 0 && gaps < CLIENTS * CUTS, () -> "of " + CLIENTS * CUTS + " returns, with a gap: " + gaps);
    }

    private static TestClient steady(int port) {
        return TestClient.get(port, "/?topic=" + String.join("&topic=", TOPICS)).open();
    }

    private void run(EventSourceServer server, int port, TestClient steady, ExecutorService threads) throws Exception {
        CountDownLatch connected = new CountDownLatch(CLIENTS);
        List<CompletableFuture<?>> receiving = new ArrayList<>();
        receiving.add(CompletableFuture.runAsync(() -> receive(steady), threads));
        for (int i = 0; i < CLIENTS; i++) {
            int first = i % TOPICS.size();
            List<String> topics = TOPICS.subList(first, first + 1 + i / TOPICS.size() % (TOPICS.size() - first));
            CutClient client = new CutClient(checker, "client " + i, topics, port, CUTS, tally, seed + i);
            clients.add(client);
            receiving.add(CompletableFuture.runAsync(() -> client.receive(connected), threads));
        }
        assertTrue(connected.await(60, TimeUnit.SECONDS), "not all clients have connected");
        List<CompletableFuture<?>> emitting = new ArrayList<>();
        for (int i = 0; i < EMITTERS; i++) {
            int number = i;
            emitting.add(CompletableFuture.runAsync(() -> emit(server, number), threads));
        }
        join(emitting);
        checker.emitter("the end").emit(server, Event.of(Tally.LAST), TOPICS.toArray(String[]::new));
        join(receiving);
    }

    private static void join(List<CompletableFuture<?>> work) throws Exception {
        CompletableFuture.allOf(work.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
    }

    /** A client that is never cut. */
    private void receive(TestClient connection) {
        ClientRecorder recorder = checker.client("steady", StreamRequest.of(TOPICS.toArray(String[]::new)));
        recorder.connected(connection.header("EventSource-Resume").orElseThrow(), "");
        String data;
        do {
            var event = connection.next();
            recorder.received(event);
            data = event.data();
            ahead.release();
        } while (!data.equals(Tally.LAST));
        recorder.caughtUp();
    }

    private void emit(EventSourceServer server, int number) {
        EmitterRecorder emitter = checker.emitter("emitter " + number);
        Random random = new Random(seed - number);
        for (int i = 0; i < EVENTS; i++) {
            ahead.acquireUninterruptibly();
            int topic = random.nextInt(TOPICS.size());
            String[] topics = random.nextInt(4) > 0
                    ? new String[] {TOPICS.get(topic)}
                    : new String[] {TOPICS.get(topic), TOPICS.get((topic + 1) % TOPICS.size())};
            emitter.emit(server, Event.of(i + " of " + number), topics);
            tally.add();
        }
    }
}
