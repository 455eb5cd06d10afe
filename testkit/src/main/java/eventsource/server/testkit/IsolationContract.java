package eventsource.server.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.StreamEnd;
import eventsource.server.parser.TestClient;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** That clients do not notice each other. */
@Proves(Proves.ISOLATION)
abstract class IsolationContract extends EndingContract {

    private static final int HEALTHY = 99;

    /** Long enough for the healthy ones to be read on a busy machine. */
    private static final Duration STALL = Duration.ofSeconds(10);

    @Test
    @DisplayName("SC-01 SC-03 a client that reads nothing delays nobody, is closed, and resumes when it comes back")
    void stalledReaderBesideHealthyOnes() throws Exception {
        EventSourceServer server = serve(options -> options.stall(STALL));
        TestClient stalled = openReaderOfNothing();
        emit(
                server,
                "first"); // A reset may cost it everything that it has not read: so it has an id to come back with.
        assertEquals("first", stalled.next().data());
        List<TestClient> healthy = new ArrayList<>();
        for (int i = 0; i < HEALTHY; i++) {
            healthy.add(openStream());
        }
        ExecutorService threads = Executors.newFixedThreadPool(HEALTHY);
        try {
            List<Future<Boolean>> reading = new ArrayList<>();
            for (TestClient client : healthy) {
                reading.add(threads.submit(readingAll(client)));
            }
            for (int i = 0; i < EVENTS; i++) {
                emit(server, i + PADDING);
            }
            for (Future<Boolean> all : reading) {
                assertTrue(
                        all.get(6 * soon().toMillis(), TimeUnit.MILLISECONDS),
                        "promise 4, isolation: everything in order");
            }
        } finally {
            threads.shutdownNow();
        }
        StreamEnd end = heard.nextEnd();
        assertTrue(
                Set.of(StreamEnd.STALLED, StreamEnd.LAGGED).contains(end),
                () -> "a client that takes nothing is closed for that, but this one was " + end);
        emit(server, "next");
        for (TestClient client : healthy) {
            assertEquals("next", client.next().data(), "promise 4, isolation: the others stay");
        }
        assertEquals(List.of(), heard.otherEnds(), "an end is heard exactly once");
        assertResumesWhereItWasCut(stalled);
    }

    @Test
    @DisplayName("DC-07 a client that sends half a request delays nobody")
    void halfARequest() throws Exception {
        EventSourceServer server = serve();
        try (Socket half = connect()) {
            half.getOutputStream().write("GET / HTTP/1.1\r\nHost: loc".getBytes(StandardCharsets.US_ASCII));
            TestClient client = openStream();
            emit(server, "next");
            assertEquals("next", client.next().data());
        }
    }

    @Test
    @DisplayName("SC-09 a client that reads slowly, but reads, is given everything")
    void slowReader() {
        EventSourceServer server = serve();
        TestClient slow = openReaderOfNothing();
        for (int i = 0; i < EVENTS; i++) {
            emit(server, i + PADDING);
        }
        // Piece by piece, so that its window closes again and again.
        while (slow.bytesRead() < (long) EVENTS * PADDING.length()) {
            slow.readExactly(SMALL_BUFFER);
        }
        slow.readExactly(SMALL_BUFFER / 2);
        emit(server, "next");
        assertEquals("next", slow.next(EVENTS + 1).get(EVENTS).data());
    }

    /** SC-03: whoever was closed for being slow misses nothing either, as long as it is retained. */
    private void assertResumesWhereItWasCut(TestClient stalled) {
        assertEquals(TestClient.End.ABORTED, stalled.awaitEnd(soon()), "promise 7: no clean end in mid event");
        int received = stalled.drain().size();
        TestClient back = resume(stalled.parser().lastEventId());
        for (int i = received; i < EVENTS; i++) {
            assertTrue(back.next().data().equals(i + PADDING), "promise 2, resume: also after a stall");
        }
        assertEquals("next", back.next().data());
    }

    private static Callable<Boolean> readingAll(TestClient client) {
        return () -> {
            for (int i = 0; i < EVENTS; i++) {
                if (!client.next().data().equals(i + PADDING)) {
                    return false;
                }
            }
            return true;
        };
    }
}
