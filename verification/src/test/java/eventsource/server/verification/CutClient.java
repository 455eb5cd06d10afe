package eventsource.server.verification;

import eventsource.server.StreamRequest;
import eventsource.server.parser.ParsedEvent;
import eventsource.server.parser.TestClient;
import eventsource.server.parser.TestRequest;
import eventsource.server.testkit.checker.Checker;
import eventsource.server.testkit.checker.ClientRecorder;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/** A client over a socket that loses its connection at any byte, stays away for some events, comes back, and records it all. */
final class CutClient {

    private static final int MEAN_BYTES = 3_000;
    private static final int MOST_EVENTS_AWAY = 80;

    private final int port;
    private final String target;
    private final ClientRecorder recorder;
    private final Tally tally;
    private final Random random;
    private int cutsLeft;
    private int gaps;
    private boolean isDone;

    CutClient(Checker checker, String name, List<String> topics, int port, int cuts, Tally tally, long seed) {
        this.port = port;
        this.tally = tally;
        target = topics.stream().map(topic -> "topic=" + topic).collect(Collectors.joining("&", "/?", ""));
        recorder = checker.client(name, StreamRequest.of(topics.toArray(String[]::new)));
        random = new Random(seed);
        cutsLeft = cuts;
    }

    /** Receives events up to the last one. */
    void receive(CountDownLatch connected) {
        while (!isDone) {
            try (TestClient connection = connect()) {
                connected.countDown();
                boolean isCut = cutsLeft-- > 0;
                read(connection, isCut ? 1 + random.nextInt(2 * MEAN_BYTES) : Long.MAX_VALUE);
                if (isCut) {
                    connection.cut();
                }
            }
            if (!isDone) {
                tally.await(random.nextInt(MOST_EVENTS_AWAY));
            }
        }
        recorder.caughtUp();
    }

    private TestClient connect() {
        String lastEventId = recorder.lastEventId();
        TestRequest request = TestClient.get(port, target);
        TestClient connection = (lastEventId.isEmpty() ? request : request.header("Last-Event-ID", lastEventId)).open();
        String told = connection.header("EventSource-Resume").orElseThrow();
        gaps += told.equals("gap") ? 1 : 0;
        recorder.connected(told, lastEventId);
        return connection;
    }

    /** Reads to the last event, the end, or so many bytes; but at least what it needs to come back and miss nothing. */
    private void read(TestClient connection, long bytes) {
        boolean ended = false;
        while (!isDone
                && !ended
                && (connection.bytesRead() < bytes || recorder.lastEventId().isEmpty())) {
            ended = connection.read((int) Math.min(64 * 1024, Math.max(1, bytes - connection.bytesRead()))) < 0;
            for (ParsedEvent event : connection.drain()) {
                recorder.received(event);
                isDone |= event.data().equals(Tally.LAST);
            }
        }
    }

    int gaps() {
        return gaps;
    }
}
