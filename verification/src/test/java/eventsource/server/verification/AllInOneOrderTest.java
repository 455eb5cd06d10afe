package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.StreamEnd;
import eventsource.server.StreamRequest;
import eventsource.server.parser.ParsedEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Several emitters, several topics, many streams that open meanwhile and ask as they like: each stream gets exactly the
 * events of its topics from its start on, and all of them in one order.
 */
@Timeout(300)
class AllInOneOrderTest {

    private static final List<String> TOPICS = List.of("a", "b", "c", "d");
    private static final int EMITTERS = 4;

    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final Endings endings = new Endings();
    private final EventSourceServer server = EventSourceServer.builder()
            .listener(endings)
            .maxStreams(5_000)
            .retainBytes(1 << 30)
            .build();
    private final ConcurrentLinkedQueue<Emitted> emitted = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Follower> followers = new ConcurrentLinkedQueue<>();
    private final AtomicInteger emitting = new AtomicInteger(EMITTERS);

    private record Emitted(int emitter, int count, List<String> topics, String id) {}

    private record Follower(Client client, EventStream stream) {

        boolean follows(Emitted event) {
            return !Collections.disjoint(stream.request().topics(), event.topics());
        }
    }

    @ParameterizedTest
    @CsvSource({"50, 4000", "1200, 100"})
    void everyStreamGetsTheEventsOfItsTopicsInOneOrder(int streams, int eventsPerEmitter) throws Exception {
        try (Logged logged = new Logged()) {
            Client reference = Client.eager();
            EventStream all = open(StreamRequest.of(TOPICS.toArray(String[]::new)));
            reference.on(all.body(), 1);
            Together together = new Together();
            for (int i = 0; i < EMITTERS; i++) {
                int emitter = i;
                together.with(() -> emit(emitter, eventsPerEmitter));
            }
            together.with(() -> open(streams / 2, seed + 1));
            together.with(() -> open(streams - streams / 2, seed + 2));
            together.with(() -> demand(streams, seed + 3));
            together.with(() -> demand(streams, seed + 4));
            together.run();
            server.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);

            check(reference, eventsPerEmitter);
            assertEquals(Collections.nCopies(streams + 1, StreamEnd.STOPPED), endings.inOrder());
            logged.assertNothing();
        }
    }

    // --- what goes on at the same time ---

    private void emit(int emitter, int events) {
        Random random = new Random(seed + 10 + emitter);
        for (int count = 0; count < events; count++) {
            Set<String> topics = new HashSet<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                topics.add(TOPICS.get(random.nextInt(TOPICS.size())));
            }
            Event event = Event.of("x".repeat(random.nextInt(50) == 0 ? 30_000 : 10));
            String id = server.emit(event, topics.toArray(String[]::new))
                    .toCompletableFuture()
                    .join();
            emitted.add(new Emitted(emitter, count, List.copyOf(topics), id));
            if (count % 50 == 0) {
                LockSupport.parkNanos(100_000); // so that streams also catch up
            }
        }
        emitting.decrementAndGet();
    }

    private void open(int streams, long seedOfThis) {
        Random random = new Random(seedOfThis);
        List<Follower> opened = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            List<String> topics = new ArrayList<>(TOPICS);
            Collections.shuffle(topics, random);
            StreamRequest request = StreamRequest.of(
                    topics.subList(0, 1 + random.nextInt(TOPICS.size())).toArray(String[]::new));
            Client client = random.nextBoolean() ? Client.eager() : Client.idle();
            opened.add(new Follower(client, open(random.nextBoolean() ? request : request.fromEarliest())));
            if (random.nextInt(4) == 0) {
                subscribe(opened, random); // some wait for a while between open and subscribe
            }
        }
        subscribe(opened, random);
    }

    private void subscribe(List<Follower> opened, Random random) {
        opened.forEach(follower -> follower.client().on(follower.stream().body(), random.nextInt(3)));
        followers.addAll(opened);
        opened.clear();
    }

    private EventStream open(StreamRequest request) {
        return server.open(request).toCompletableFuture().join();
    }

    /** Asks for elements of random streams, and in the end for all that is left. */
    private void demand(int streams, long seedOfThis) {
        Random random = new Random(seedOfThis);
        while (emitting.get() > 0 || followers.size() < streams) {
            for (Follower follower : followers) {
                if (random.nextInt(3) == 0) {
                    follower.client().request(1 + random.nextInt(3));
                }
            }
            LockSupport.parkNanos(50_000);
        }
        followers.forEach(follower -> follower.client().request(Long.MAX_VALUE));
    }

    // --- what has to come of it ---

    private void check(Client reference, int eventsPerEmitter) {
        Map<String, Emitted> byId = new HashMap<>();
        emitted.forEach(event -> byId.put(event.id(), event));
        assertEquals(EMITTERS * eventsPerEmitter, byId.size(), "no id was given twice");
        List<Emitted> order = reference.events().stream()
                .map(event -> byId.get(event.lastEventId()))
                .toList();
        assertEquals(byId.size(), order.size());
        assertEquals(byId.size(), new HashSet<>(order).size());
        checkEachEmittersOrder(order);
        List<String> ids = order.stream().map(Emitted::id).toList();
        for (Follower follower : followers) {
            int start = ids.indexOf(follower.stream().resume().from()) + 1;
            List<String> expected = order.subList(start, order.size()).stream()
                    .filter(follower::follows)
                    .map(Emitted::id)
                    .toList();
            List<String> actual = follower.client().events().stream()
                    .map(ParsedEvent::lastEventId)
                    .toList();
            assertTrue(expected.equals(actual), () -> difference(expected, actual, follower));
            follower.client().assertNoFault();
        }
    }

    private static void checkEachEmittersOrder(List<Emitted> order) {
        int[] next = new int[EMITTERS];
        for (Emitted event : order) {
            assertEquals(next[event.emitter()]++, event.count());
        }
    }

    private String difference(List<String> expected, List<String> actual, Follower follower) {
        int same = 0;
        while (same < Math.min(expected.size(), actual.size())
                && expected.get(same).equals(actual.get(same))) {
            same++;
        }
        return follower.stream().request() + " got " + actual.size() + " of " + expected.size()
                + " events; the first difference is at " + same + "; seed " + seed;
    }
}
