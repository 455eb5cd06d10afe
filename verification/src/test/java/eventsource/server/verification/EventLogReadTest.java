package eventsource.server.verification;

import static eventsource.server.verification.LoggedServers.emit;
import static eventsource.server.verification.LoggedServers.numbers;
import static eventsource.server.verification.LoggedServers.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Emission;
import eventsource.server.Event;
import eventsource.server.EventStream;
import eventsource.server.Resume;
import eventsource.server.StreamEnd;
import eventsource.server.StreamRefusedException;
import eventsource.server.StreamRequest;
import eventsource.server.spi.Position;
import eventsource.server.verification.LoggedServers.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Clients that come back for what only the event log still has. */
class EventLogReadTest {

    private final LoggedServers servers = new LoggedServers();

    @Test
    @DisplayName("RS-01, RS-10: what the journal has trimmed is read from the log, then the stream goes on live")
    void readsWhatWasTrimmed() {
        Node node = servers.node(options -> options.retainBytes(1));
        String first = node.emit("0", "t");
        for (int i = 1; i <= 300; i++) {
            node.emit(Integer.toString(i), i % 3 == 0 ? "t" : "other");
        }
        EventStream stream = node.open(StreamRequest.of("t").after(first));
        assertEquals(Resume.Outcome.RESUMED, outcome(stream));
        Client client = Client.eager();
        client.on(stream.body(), 1);
        servers.step();
        node.emit("live", "t");
        servers.step();
        List<String> expected = new ArrayList<>(IntStream.rangeClosed(1, 100)
                .mapToObj(i -> Integer.toString(3 * i))
                .toList());
        expected.add("live");
        assertEquals(expected, client.data());
        client.assertNoFault();
    }

    @Test
    @DisplayName("RS-10: reading goes as fast as the client takes it, page by page")
    void readsAsFastAsTheClientTakes() {
        Node node = servers.node(options -> options.retainBytes(1));
        String first = node.emit("start");
        String large = "x".repeat(20_000);
        for (int i = 0; i < 40; i++) {
            node.emit(large);
        }
        Client client = Client.idle();
        client.on(node.open(StreamRequest.own().after(first)).body(), 1);
        for (int i = 0; i < 100 && client.data().size() < 40; i++) {
            int before = client.data().size();
            client.request(1);
            servers.step();
            assertTrue(client.data().size() - before <= 4, "an element is a page at most");
        }
        assertEquals(40, client.data().size());
        client.assertNoFault();
    }

    @Test
    @DisplayName("RS-11: clients that come back to the same place share what is read")
    void readsAreShared() {
        Node node = servers.node(options -> options.retainBytes(1));
        String first = node.emit("0");
        emit(node, 1, 50);
        List<Client> clients = new ArrayList<>();
        long before = node.log.reads();
        for (int i = 0; i < 1_000; i++) {
            clients.add(node.client(StreamRequest.own().after(first)));
        }
        clients.forEach(client -> assertEquals(numbers(1, 50), client.data()));
        assertTrue(node.log.reads() - before <= 10, "reads: " + (node.log.reads() - before));
    }

    @Test
    void filtersAndSelectorsHoldForWhatIsRead() {
        Node node = servers.node(options -> options.retainBytes(1));
        String first = node.emit("0", "a/1");
        for (int i = 1; i <= 20; i++) {
            Event event = Event.of(Integer.toString(i)).withLabel("even", Boolean.toString(i % 2 == 0));
            node.server.emit(event, i <= 10 ? "a/" + i : "b");
        }
        servers.step();
        Client client = node.client(StreamRequest.matching(topic -> topic.startsWith("a/"))
                .where(labels -> "true".equals(labels.get("even")))
                .after(first));
        assertEquals(List.of("2", "4", "6", "8", "10"), client.data());
    }

    @Test
    void anIdOfTheCallersIsFoundInTheLog() {
        Node node = servers.node(options -> options.retainBytes(1));
        node.server.emit(Event.of("0").withId("mine"));
        emit(node, 1, 5);
        EventStream stream = node.open(StreamRequest.own().after("mine"));
        assertEquals(Resume.Outcome.RESUMED, outcome(stream));
        Client client = Client.eager();
        client.on(stream.body(), 1);
        servers.step();
        assertEquals(numbers(1, 5), client.data());
        assertEquals(Resume.Outcome.GAP, outcome(node.open(StreamRequest.own().after("unknown"))));
    }

    @Test
    @DisplayName("RS-03: what the log has trimmed, too, is a gap")
    void whatTheLogHasTrimmedIsAGap() {
        Node node = servers.node(options -> options.retainBytes(1));
        String first = node.emit("0");
        emit(node, 1, 9);
        servers.log.trim(servers.log.entries().get(4).position());
        assertEquals(Resume.Outcome.GAP, outcome(node.open(StreamRequest.own().after(first))));
    }

    @Test
    @DisplayName("RS-04: an invented position is a gap, also one that the log has not reached")
    void inventedPositionsAreGaps() {
        Node node = servers.node();
        String id = node.emit("0");
        for (String invented : List.of(id + "zzz", id + "!", "~other-1", "~", "x".repeat(10_000))) {
            assertEquals(
                    Resume.Outcome.GAP, outcome(node.open(StreamRequest.own().after(invented))), invented);
        }
    }

    @Test
    void aLogThatTrimsWhatIsBeingReadEndsTheStreamAndTheClientIsTold() {
        Node node = servers.node(options -> options.retainBytes(1));
        String first = node.emit("start");
        for (int i = 0; i < 40; i++) {
            node.emit("x".repeat(20_000));
        }
        Client client = Client.idle();
        client.on(node.open(StreamRequest.own().after(first)).body(), 2);
        servers.step();
        List<Position> positions =
                servers.log.entries().stream().map(entry -> entry.position()).toList();
        servers.log.trim(positions.get(30));
        client.request(100);
        servers.step();
        assertEquals(List.of(StreamEnd.LAGGED), servers.endings.inOrder());
        assertEquals(Resume.Outcome.GAP, outcome(node.open(StreamRequest.own().after(client.lastEventId()))));
    }

    @Test
    void aLogThatCannotBeReadRefusesClientsThatNeedIt() {
        Node node = servers.node(options -> options.retainBytes(1));
        String first = node.emit("0");
        emit(node, 1, 9);
        node.log.failReads(1);
        CompletableFuture<EventStream> refused =
                node.server.open(StreamRequest.own().after(first)).toCompletableFuture();
        servers.step();
        StreamRefusedException why = assertInstanceOf(
                StreamRefusedException.class,
                assertThrows(CompletionException.class, refused::join).getCause());
        assertEquals(StreamRefusedException.Reason.LOG_DOWN, why.reason());
        assertEquals(0, node.server.figures().streams());
        assertEquals(
                Resume.Outcome.RESUMED, outcome(node.open(StreamRequest.own().after(first))));
    }

    @Test
    void aReadThatFailsInTheMiddleAbortsTheStream() {
        Node node = servers.node(options -> options.retainBytes(1));
        String first = node.emit("start");
        for (int i = 0; i < 20; i++) {
            node.emit("x".repeat(20_000));
        }
        Client client = Client.idle();
        client.on(node.open(StreamRequest.own().after(first)).body(), 2);
        servers.step();
        node.log.failReads(1);
        client.request(100);
        servers.step();
        assertEquals(List.of(StreamEnd.FAILED), servers.endings.inOrder());
        assertTrue(client.hasEnded());
    }

    @Test
    void whatIsTooLargeToBeFollowedIsTooLargeToBeRead() {
        Node node = servers.node(options -> options.maxEventBytes(100).retainBytes(1));
        String first = node.emit("0");
        servers.log.append(Emission.of(Event.of("y".repeat(200))));
        emit(node, 1, 9);
        assertEquals(
                numbers(1, 9), node.client(StreamRequest.own().after(first)).data());
    }
}
