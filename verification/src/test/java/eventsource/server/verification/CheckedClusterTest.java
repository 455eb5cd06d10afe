package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.Resume;
import eventsource.server.StreamRefusedException;
import eventsource.server.StreamRequest;
import eventsource.server.parser.ParsedEvent;
import eventsource.server.spi.Position;
import eventsource.server.testkit.checker.Checker;
import eventsource.server.testkit.checker.ClientRecorder;
import eventsource.server.testkit.checker.EmitterRecorder;
import eventsource.server.testkit.log.AppendFault;
import eventsource.server.testkit.log.ScriptedLog;
import eventsource.server.testkit.log.ScriptedNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Everything that is emitted and received on two nodes of a log that goes wrong, held against the promises. */
@Timeout(300)
class CheckedClusterTest {

    /** What happens to the log besides failing appends and outages. */
    enum Trouble {
        NONE,
        TRIMMED,
        RECREATED
    }

    private static final List<String> TOPICS = List.of("a", "b", "c");
    private static final int NODES = 2;
    private static final int EMITTERS = 4;
    private static final int EVENTS = 600;
    private static final int CLIENTS = 12;
    private static final List<AppendFault> FAULTS = List.of(AppendFault.values());

    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final Checker checker = new Checker().gapEvent("gap").openingEvent("opened");
    private final ScriptedLog log = new ScriptedLog();
    private final List<ScriptedNode> nodes = new ArrayList<>();
    private final List<EventSourceServer> servers = new ArrayList<>();
    private final CountDownLatch connected = new CountDownLatch(CLIENTS);
    private final AtomicInteger gaps = new AtomicInteger();
    private final AtomicInteger resumed = new AtomicInteger();
    private final AtomicBoolean hasRecreated = new AtomicBoolean();

    @ParameterizedTest
    @EnumSource
    @DisplayName("clients that change nodes miss nothing, get nothing twice, or are told, whatever happens to the log")
    void clientsThatChangeNodes(Trouble trouble) throws Exception {
        for (int i = 0; i < NODES; i++) {
            nodes.add(log.node());
            servers.add(EventSourceServer.builder()
                    .gapEvent("gap")
                    .openingEvent("opened")
                    .retainPerTopic(20)
                    .log(nodes.get(i))
                    .build());
        }
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            run(trouble, threads);
        } finally {
            servers.forEach(EventSourceServer::close);
            nodes.forEach(ScriptedNode::close);
            threads.shutdownNow();
        }
        checker.check();
        System.out.println(checker + "; " + resumed + " resumed, " + gaps + " gaps; seed " + seed);
        // How many find what they had last before it is trimmed is a matter of who is faster.
        assertTrue(trouble == Trouble.TRIMMED || resumed.get() > CLIENTS, () -> "resumed: " + resumed);
        assertTrue(trouble == Trouble.NONE || gaps.get() > 0, "there was no gap to tell of");
    }

    private void run(Trouble trouble, ExecutorService threads) throws Exception {
        List<CompletableFuture<?>> receiving = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Random random = new Random(seed + i);
            String[] topics = TOPICS.subList(i % 3, 3).toArray(String[]::new);
            ClientRecorder recorder = checker.client("client " + i, StreamRequest.of(topics));
            receiving.add(CompletableFuture.runAsync(() -> receive(recorder, topics, random), threads));
        }
        assertTrue(connected.await(60, TimeUnit.SECONDS), "not all clients have connected");
        List<CompletableFuture<?>> emitting = new ArrayList<>();
        for (int i = 0; i < EMITTERS; i++) {
            int number = i;
            emitting.add(CompletableFuture.runAsync(() -> emit(number, trouble), threads));
        }
        join(emitting);
        EmitterRecorder end = checker.emitter("the end");
        for (int i = 0; i < NODES; i++) {
            // What was scripted for appends during an outage has not happened yet.
            for (int n = 0;
                    !isStored(i, end.emit(servers.get(i), Event.of("flush " + n + " of " + i), "flush"));
                    n++) {}
        }
        isStored(0, end.emit(servers.get(0), Event.of(Tally.LAST), TOPICS.toArray(String[]::new)));
        join(receiving);
    }

    private static void join(List<CompletableFuture<?>> work) throws Exception {
        CompletableFuture.allOf(work.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
    }

    // --- the emitters ---

    private void emit(int number, Trouble trouble) {
        int node = number % NODES;
        ScriptedNode on = nodes.get(node);
        EmitterRecorder emitter = checker.emitter("emitter " + number + " on node " + node);
        Random random = new Random(seed - number);
        for (int i = 0; i < EVENTS; i++) {
            if (random.nextInt(20) == 0) {
                on.fail(FAULTS.get(random.nextInt(FAULTS.size())));
            }
            if (i % 200 == 199) {
                on.disconnect(new IllegalStateException("cut"));
                on.redeliver(random.nextInt(5));
                on.reconnect();
            }
            String topic = TOPICS.get(random.nextInt(TOPICS.size()));
            CompletionStage<String> outcome = emitter.emit(servers.get(node), Event.of(i + " of " + number), topic);
            if (i % 10 == 9) {
                isStored(node, outcome);
                trouble(trouble, i);
            }
        }
    }

    private void trouble(Trouble trouble, int i) {
        Position newest = log.range().newest();
        if (trouble == Trouble.TRIMMED) {
            log.trim(newest.at(Math.max(0, newest.ordinal() - 20)));
        } else if (trouble == Trouble.RECREATED && i == EVENTS / 2 + 9 && hasRecreated.compareAndSet(false, true)) {
            log.recreate();
        }
    }

    /** Waits for an emission, and has what is late get there meanwhile. */
    private boolean isStored(int node, CompletionStage<String> outcome) {
        while (true) {
            try {
                outcome.toCompletableFuture().get(10, TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException late) {
                nodes.get(node).settle();
            } catch (ExecutionException failed) {
                return false;
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
    }

    // --- the clients ---

    /** Receives some events of one node, forgets the last few, and goes on with any node, up to the last event of all. */
    private void receive(ClientRecorder recorder, String[] topics, Random random) {
        boolean isDone = false;
        while (!isDone) {
            StreamRequest request = StreamRequest.of(topics).after(recorder.lastEventId());
            EventStream stream = open(servers.get(random.nextInt(NODES)), request);
            if (stream != null) {
                Resume.Outcome told = stream.resume().outcome();
                gaps.addAndGet(told == Resume.Outcome.GAP ? 1 : 0);
                resumed.addAndGet(told == Resume.Outcome.RESUMED ? 1 : 0);
                recorder.connected(told, recorder.lastEventId());
                connected.countDown();
                for (ParsedEvent event : events(stream, 1 + random.nextInt(60))) {
                    recorder.received(event);
                    isDone |= event.data().equals(Tally.LAST);
                }
            }
        }
        recorder.caughtUp();
    }

    /** Opens a stream; nothing if it is refused, because the log is away. */
    private static @Nullable EventStream open(EventSourceServer server, StreamRequest request) {
        try {
            return server.open(request).toCompletableFuture().join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof StreamRefusedException) {
                return null;
            }
            throw failed;
        }
    }

    /** So many events of a stream, unless the last is among them or the stream ends before. */
    private static List<ParsedEvent> events(EventStream stream, int count) {
        CompletableFuture<Void> enough = new CompletableFuture<>();
        Client client = Client.that(taking -> {
            if (taking.events().size() >= count || taking.data().contains(Tally.LAST)) {
                taking.cancel();
                enough.complete(null);
            } else {
                taking.request(1);
            }
        });
        client.on(stream.body(), 1);
        CompletableFuture.anyOf(enough, client.ended)
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
        List<ParsedEvent> events = client.events();
        return List.copyOf(events.subList(0, Math.min(count, events.size())));
    }
}
