package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.Resume;
import eventsource.server.StreamEnd;
import eventsource.server.StreamRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The journal keeps next to nothing and the emitter is fast, so that streams fall off its tail all the time: what a stream
 * gets until then is whole, and the client that comes back is told exactly what it missed.
 */
@Timeout(300)
class LapTest {

    private static final int EVENTS = 150_000;
    private static final int EVENTS_FOR_ONE_TAKEN = 1_000;
    private static final StreamRequest BOTH = StreamRequest.of("even", "odd");

    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final Endings endings = new Endings();
    private final List<String> ids = new ArrayList<>();
    private final AtomicIntegerArray taken = new AtomicIntegerArray(3);

    private void emit(EventSourceServer server) {
        for (int number = 0; number < EVENTS; number++) {
            String topic = number % 2 == 0 ? "even" : "odd";
            Event event = Event.of(number + " ");
            ids.add((number % 3 == 0 ? server.emit(event, "even", "odd") : server.emit(event, topic))
                    .toCompletableFuture()
                    .join());
            if (number % 20 == 0) {
                LockSupport.parkNanos(1_000); // so that streams catch up now and then
                awaitTaken(number / EVENTS_FOR_ONE_TAKEN);
            }
        }
    }

    /** Goes slowly while one has taken fewer; not for ever, for it may have all that there is for it. */
    private void awaitTaken(int ofEach) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1);
        while (System.nanoTime() < until && IntStream.range(0, taken.length()).anyMatch(i -> taken.get(i) < ofEach)) {
            LockSupport.parkNanos(1_000);
        }
    }

    /** Receives until the last event, with a new stream whenever one has ended. */
    private Received receive(EventSourceServer server, int number) {
        Random random = new Random(seed + number);
        Received received = new Received();
        String lastEventId = "";
        while (!received.hasReached(EVENTS - 1)) {
            Semaphore signals = new Semaphore(0);
            Client client = Client.that(any -> signals.release());
            client.ended.thenRun(signals::release);
            EventStream stream =
                    server.open(BOTH.after(lastEventId)).toCompletableFuture().join();
            stream.body().subscribe(client);
            int before = received.gaps().size();
            while (!client.hasEnded() && !received.hasReached(EVENTS - 1)) {
                if (random.nextInt(200) == 0) {
                    LockSupport.parkNanos(random.nextInt(500_000));
                }
                client.request(1);
                signals.acquireUninterruptibly();
                // Nothing more was asked for, so nothing is signalled while this looks.
                client.events().forEach(received::take);
                client.events().clear();
                taken.set(number, received.size());
                lastEventId = client.lastEventId().isEmpty() ? lastEventId : client.lastEventId();
            }
            client.cancel();
            client.assertNoFault();
            boolean wasTold = client.elements() == 0 || received.gaps().size() > before;
            assertTrue(wasTold || stream.resume().outcome() != Resume.Outcome.GAP);
        }
        return received;
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 10_000})
    void aStreamIsWholeUntilItIsLappedAndItsClientIsToldWhatItMissed(int retainBytes) throws Exception {
        EventSourceServer server = EventSourceServer.builder()
                .retainBytes(retainBytes)
                .gapEvent(Received.GAP)
                .listener(endings)
                .build();
        try (Logged logged = new Logged()) {
            Received[] received = new Received[taken.length()];
            Together together = new Together().with(() -> emit(server));
            for (int i = 0; i < received.length; i++) {
                int client = i;
                together.with(() -> received[client] = receive(server, client));
            }
            together.run();
            server.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);

            for (Received one : received) {
                assertEquals(
                        List.of(), new Continuity(ids).faults(one, Continuity.Start.ANYWHERE), () -> "seed " + seed);
                assertTrue(one.gaps().size() > 1, "it was never lapped");
                assertTrue(one.size() > 10, "it was hardly ever given anything");
            }
            assertEquals(
                    Set.of(StreamEnd.LAGGED, StreamEnd.CANCELLED),
                    endings.inOrder().stream().collect(Collectors.toSet()));
            endings.opened()
                    .forEach(stream -> assertEquals(1, endings.of(stream).size()));
            logged.assertNothing();
        }
    }
}
