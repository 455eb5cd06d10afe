package eventsource.server.verification;

import eventsource.server.parser.ParsedEvent;
import eventsource.server.parser.TestClient;
import eventsource.server.parser.TestRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * A client that loses its connection again and again, at any byte, and comes back with the last event id that a conforming
 * parser has committed.
 */
final class ReturningClient {

    /** How a client behaves. */
    record Habits(String target, int cuts, int meanBytes, int longestAwayMillis) {}

    final Received received = new Received();
    final List<String> faults = new ArrayList<>();

    private final int port;
    private final Habits habits;
    private final Random random;
    private String lastEventId = "";
    private int cutsLeft;
    private int returns;

    ReturningClient(int port, Habits habits, long seed) {
        this.port = port;
        this.habits = habits;
        random = new Random(seed);
        cutsLeft = habits.cuts();
    }

    private TestClient connect() {
        TestRequest request = TestClient.get(port, habits.target());
        return (lastEventId.isEmpty() ? request : request.header("Last-Event-ID", lastEventId)).open();
    }

    /** What the head of the stream says to a client that comes back once more. */
    String outcomeOfReturn() {
        try (TestClient connection = connect()) {
            return connection.header("EventSource-Resume").orElseThrow();
        }
    }

    /** Receives events until the one with a number has come. */
    void receive(int lastNumber, CountDownLatch connected) {
        while (!received.hasReached(lastNumber)) {
            boolean cut = cutsLeft > 0;
            try (TestClient connection = connect()) {
                connected.countDown();
                boolean ended = read(connection, lastNumber, cut ? 1 + random.nextInt(2 * habits.meanBytes()) : -1);
                if (cut && !ended) {
                    connection.cut();
                    cutsLeft--;
                }
            }
            returns++;
            stayAway();
        }
    }

    /** Reads so many bytes, or to the event with the number; whether the server ended the stream before. */
    private boolean read(TestClient connection, int lastNumber, int bytes) {
        boolean gapBefore = connection.header("EventSource-Resume").orElse("").equals("gap");
        boolean first = true;
        boolean ended = false;
        while (!ended && !received.hasReached(lastNumber) && (bytes < 0 || connection.bytesRead() < bytes)) {
            ended = connection.read(bytes < 0 ? 64 * 1024 : (int) (bytes - connection.bytesRead())) < 0;
            for (ParsedEvent event : connection.drain()) {
                if (first && gapBefore != event.type().equals(Received.GAP)) {
                    faults.add("the header tells of a gap: " + gapBefore + ", and the first event is " + event);
                }
                first = false;
                received.take(event);
            }
        }
        faults.addAll(connection.parser().violations());
        if (!connection.parser().lastEventId().isEmpty()) {
            lastEventId = connection.parser().lastEventId();
        }
        return ended;
    }

    private void stayAway() {
        if (habits.longestAwayMillis() > 0) {
            LockSupport.parkNanos(random.nextInt(habits.longestAwayMillis() * 1_000_000));
        }
    }

    boolean isLive() {
        return habits.target().equals(Host.LIVE);
    }

    int cuts() {
        return habits.cuts();
    }

    /** How many connections it had besides the last one. */
    int returns() {
        return returns - 1;
    }
}
