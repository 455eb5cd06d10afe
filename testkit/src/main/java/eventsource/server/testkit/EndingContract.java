package eventsource.server.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.StreamEnd;
import eventsource.server.parser.TestClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How streams end, from either side. */
@Proves(Proves.ENDINGS)
abstract class EndingContract extends StateContract {

    /** More than the two kernels between a server and a client that reads nothing can hide. */
    static final int UNREAD_BYTES = 8 << 20;

    /** Long enough for ends that are spread to be told apart from ends at once, also on a busy machine. */
    private static final Duration SPREAD = Duration.ofSeconds(4);

    /** Short enough to be waited for, and longer than whoever reads has to wait for a processor. */
    static final Duration SHORT_STALL = Duration.ofSeconds(3);

    static final String PADDING = "x".repeat(64 << 10);
    static final int EVENTS = UNREAD_BYTES / PADDING.length();

    /** So small that almost all that is sent stays with the server. */
    static final int SMALL_BUFFER = 4096;

    /** Emits so much that whoever reads nothing has stalled, while a healthy client reads all of it. */
    static void emitMoreThanIsHidden(EventSourceServer server, TestClient healthy) {
        for (int i = 0; i < EVENTS; i++) {
            emit(server, i + PADDING);
            assertTrue(
                    (i + PADDING).equals(healthy.next().data()), "promise 4, isolation: the others get all, in order");
        }
    }

    final TestClient openReaderOfNothing() {
        return openStream(get("/").receiveBuffer(SMALL_BUFFER));
    }

    @Test
    @DisplayName("SD-03 stop ends every stream cleanly, after what was emitted")
    void stopEndsStreams() throws Exception {
        EventSourceServer server = serve();
        List<TestClient> readers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            readers.add(openStream());
        }
        List<String> emitted = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            emitted.add("event " + i);
            emit(server, "event " + i);
        }
        stopAndWait(server);
        for (TestClient reader : readers) {
            assertEquals(TestClient.End.CLEAN, reader.awaitEnd(soon()), "promise 7, clean endings");
            assertEquals(emitted, dataOf(reader.drain()), "promise 7, clean endings: after what was emitted");
        }
        assertEquals(Collections.nCopies(5, StreamEnd.STOPPED), heard.otherEnds());
        TestClient late = open(get("/"));
        assertEquals(200, late.status(), "a browser shall come back to the server's successor");
        assertEquals(TestClient.End.CLEAN, late.awaitEnd(soon()));
        assertTrue(late.parser().retryMillis().isPresent(), "it is told when");
    }

    @Test
    @DisplayName("SD-02 stop aborts a client that takes nothing, and waits for no longer than the time of a stall")
    void stopAbortsStalledReaders() throws Exception {
        EventSourceServer server = serve(options -> options.stall(SHORT_STALL));
        TestClient healthy = openStream();
        TestClient stalled = openReaderOfNothing();
        emitMoreThanIsHidden(server, healthy);
        stopAndWait(server);
        assertEquals(TestClient.End.CLEAN, healthy.awaitEnd(soon()), "promise 7, clean endings");
        assertEquals(TestClient.End.ABORTED, stalled.awaitEnd(soon()), "promise 7: no clean end in mid event");
        assertEquals(List.of(StreamEnd.STOPPED, StreamEnd.STALLED), heard.otherEnds());
    }

    @Test
    @DisplayName("SD-02 stop aborts a client that does not take the last event to its end")
    void stopAbortsReadersStalledInTheLastEvent() throws Exception {
        EventSourceServer server =
                serve(options -> options.stall(Duration.ofSeconds(1)).maxEventBytes(2 * UNREAD_BYTES));
        TestClient stalled = openReaderOfNothing();
        emit(server, "x".repeat(UNREAD_BYTES));
        stopAndWait(server);
        assertEquals(StreamEnd.STALLED, heard.nextEnd(), "promise 7: what was not taken does not count as sent");
        assertEquals(TestClient.End.ABORTED, stalled.awaitEnd(soon()), "promise 7: no clean end in mid event");
    }

    @Test
    @DisplayName("SC-02 a stream that is ended while its client takes nothing is aborted, too")
    void endAbortsStalledReaders() throws Exception {
        EventSourceServer server = serve(options -> options.stall(SHORT_STALL));
        TestClient stalled = openReaderOfNothing();
        EventStream stream = heard.nextOpened();
        TestClient healthy = openStream();
        emitMoreThanIsHidden(server, healthy);
        stream.end();
        assertEquals(StreamEnd.STALLED, heard.nextEnd(), "promise 7: what was not taken does not count as sent");
        assertEquals(TestClient.End.ABORTED, stalled.awaitEnd(soon()), "promise 7: no clean end in mid event");
    }

    @Test
    @DisplayName("DC-04 a stream that is ended ends cleanly, and no other")
    void endIsClean() throws Exception {
        EventSourceServer server = serve();
        TestClient client = openStream();
        EventStream stream = heard.nextOpened();
        TestClient other = openStream();
        emit(server, "one");
        assertEquals("one", client.next().data());
        stream.end();
        assertEquals(TestClient.End.CLEAN, client.awaitEnd(soon()), "promise 7, clean endings");
        assertEquals(StreamEnd.ENDED, heard.nextEnd());
        emit(server, "two");
        assertEquals(List.of("one", "two"), dataOf(other, 2), "the others stay");
        assertEquals(List.of(), heard.otherEnds(), "an end is heard exactly once");
    }

    @Test
    @DisplayName("DC-01 a client that resets its connection is noticed")
    void resetIsNoticed() throws Exception {
        serve(options -> options.keepalive(Duration.ofMillis(200)));
        TestClient client = openStream();
        readText(client, PRELUDE.length());
        client.cut();
        assertEquals(StreamEnd.CANCELLED, heard.nextEnd());
    }

    @Test
    @DisplayName("DC-01 a client that closes its connection is noticed")
    void closeIsNoticed() throws Exception {
        EventSourceServer server = serve(options -> options.keepalive(Duration.ofMillis(200)));
        TestClient client = openStream();
        TestClient other = openStream();
        readText(client, PRELUDE.length());
        client.close();
        assertEquals(StreamEnd.CANCELLED, heard.nextEnd());
        emit(server, "next");
        assertEquals("next", other.next().data(), "the others stay");
        assertEquals(List.of(), heard.otherEnds(), "an end is heard exactly once");
    }

    @Test
    @DisplayName(
            "SD-01 stop with a deadline ends the streams one after the other, each cleanly, and lets no further in")
    void stopSpreads() throws Exception {
        EventSourceServer server = serve();
        List<TestClient> readers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            readers.add(openStream());
        }
        long start = System.nanoTime();
        CompletionStage<Void> stopped = server.stop(SPREAD);
        heard.nextEnd();
        long first = System.nanoTime() - start;
        TestClient late = open(get("/"));
        assertEquals(TestClient.End.CLEAN, late.awaitEnd(soon()), "a stream was opened while the server stops");
        assertTrue(late.parser().retryMillis().isPresent(), "it is told when to come back");
        stopped.toCompletableFuture().get(soon().toMillis(), TimeUnit.MILLISECONDS);
        long last = System.nanoTime() - start;
        assertTrue(
                last - first >= SPREAD.toNanos() / 8,
                () -> "clients that are all sent away at once all come back at once; the first was after " + first
                        + " ns, the last after " + last + " ns");
        for (TestClient reader : readers) {
            assertEquals(TestClient.End.CLEAN, reader.awaitEnd(soon()), "no stream is cut off that takes its end");
        }
        assertEquals(Collections.nCopies(19, StreamEnd.STOPPED), heard.otherEnds());
    }

    @Test
    @DisplayName("DC-06 a client that closes its sending side goes on being served, or counts as gone")
    void halfClose() throws Exception {
        EventSourceServer server = serve(options -> options.keepalive(Duration.ofMillis(200)));
        TestClient client = openStream();
        TestClient other = openStream();
        readText(client, PRELUDE.length());
        client.shutdownOutput();
        int comments = other.parser().comments();
        other.awaitComments(comments + 2, soon()); // time enough to be noticed, if it is
        emit(server, "next");
        assertEquals("next", other.next().data(), "the others stay");
        List<StreamEnd> ends = heard.otherEnds();
        if (ends.isEmpty()) {
            assertEquals("next", client.next().data(), "a stream that has not ended goes on");
        } else {
            assertEquals(List.of(StreamEnd.CANCELLED), ends, "promise 7: it left, and that is heard once");
            client.awaitEnd(soon());
        }
    }
}
