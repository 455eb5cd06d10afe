package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.Resume.Outcome;
import eventsource.server.StreamRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that comes back is told of a gap exactly when events of its topics are missing. */
class GapTest {

    private static final List<String> TOPICS = List.of("quiet", "slow", "busy", "busiest");

    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);

    /** An event, as this test remembers it. */
    private record Emitted(String id, String data, List<String> topics) {}

    private static String emit(EventSourceServer server, String data, String... topics) {
        return server.emit(Event.of(data), topics).toCompletableFuture().join();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    @DisplayName("RS-03: a busy topic does not gap a quiet one, whether or not each topic has a number of events")
    void aBusyTopicDoesNotGapAQuietOne(int retainPerTopic) {
        EventSourceServer server = EventSourceServer.builder()
                .executor(Runnable::run)
                .retainBytes(20_000)
                .retainPerTopic(retainPerTopic)
                .build();
        Client stayed = Client.eager().on(server, StreamRequest.of("quiet"));
        Client slow = Client.idle().on(server.outSupply(StreamRequest.of("quiet")), 1);
        String cursor = emit(server, "1", "quiet");
        slow.request(1);
        for (int i = 0; i < 10_000; i++) {
            emit(server, "busy " + i, "busy");
        }

        EventStream back = server.open(StreamRequest.of("quiet").after(cursor))
                .toCompletableFuture()
                .join();
        Client returned = Client.eager().on(back.body(), 1);
        emit(server, "2", "quiet");
        slow.request(1);

        assertEquals(Outcome.RESUMED, back.resume().outcome());
        assertEquals(List.of("2"), returned.data());
        assertEquals(List.of("1", "2"), stayed.data());
        assertEquals(List.of("1", "2"), slow.data(), "nothing that it asked for was pending, so it did not lag");
        assertFalse(slow.hasEnded());
    }

    @Test
    @DisplayName("RS-03: whatever is retained, who resumes is given everything, and who is told of a gap is not")
    void aGapIsToldIfAndOnlyIfSomethingIsMissing() {
        for (int round = 0; round < 300; round++) {
            // An event in two topics may be missing in one of them and still come by the other: told, and not missing.
            boolean severalTopics = round % 3 == 0;
            returnAtRandom(severalTopics);
        }
        assertTrue(Collections.min(outcomes.values()) > 1_000, outcomes::toString);
    }

    private void returnAtRandom(boolean severalTopics) {
        EventSourceServer server = EventSourceServer.builder()
                .executor(Runnable::run)
                .gapEvent(Received.GAP)
                .retainBytes(1 + random.nextInt(20_000))
                .retainPerTopic(random.nextInt(10))
                .build();
        List<Emitted> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int skewed = random.nextInt(1 + random.nextInt(TOPICS.size()));
            List<String> topics = List.of(TOPICS.get(TOPICS.size() - 1 - skewed));
            if (severalTopics && random.nextInt(4) == 0) {
                topics = some();
            }
            String data = "event " + i;
            all.add(new Emitted(emit(server, data, topics.toArray(String[]::new)), data, topics));
            if (random.nextInt(4) == 0) {
                comeBack(server, all, some(), severalTopics);
            }
        }
        server.close();
    }

    private List<String> some() {
        List<String> shuffled = new ArrayList<>(TOPICS);
        Collections.shuffle(shuffled, random);
        return List.copyOf(shuffled.subList(0, 1 + random.nextInt(TOPICS.size() - 1)));
    }

    private void comeBack(EventSourceServer server, List<Emitted> all, List<String> topics, boolean mayExaggerate) {
        int last = random.nextInt(all.size());
        StreamRequest request = StreamRequest.of(topics.toArray(String[]::new));
        EventStream stream = server.open(request.after(all.get(last).id()))
                .toCompletableFuture()
                .join();
        Client client = Client.eager().on(stream.body(), 1);
        client.cancel();

        Outcome outcome = stream.resume().outcome();
        outcomes.merge(outcome, 1, Integer::sum);
        List<String> expected = all.subList(last + 1, all.size()).stream()
                .filter(event -> !Collections.disjoint(event.topics(), topics))
                .map(Emitted::data)
                .toList();
        if (outcome == Outcome.RESUMED) {
            assertEquals(expected, client.data(), () -> "silent loss, seed " + seed);
            return;
        }
        List<String> given = client.data().subList(1, client.data().size());
        assertEquals(Received.GAP, client.events().get(0).type(), () -> "seed " + seed);
        assertTrue(expected.containsAll(given), () -> given + " of " + expected + ", seed " + seed);
        if (!mayExaggerate) {
            assertNotEquals(expected, given, () -> "a gap where nothing is missing, seed " + seed);
        }
    }
}
