package eventsource.server.examples.amqp;

import eventsource.server.parser.ParsedEvent;
import eventsource.server.parser.TestClient;
import eventsource.server.parser.TestRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;

/** A client that loses its connection again and again, and comes back with its last event id, until all was sent. */
final class Receiving implements Callable<List<ParsedEvent>> {

    private static final int MEAN_BYTES = 100_000;

    private final int port;
    private final Random random;
    private final List<ParsedEvent> events = new ArrayList<>();
    private String lastEventId = "";
    private int returns;
    private volatile int received;

    Receiving(int port, long seed) {
        this.port = port;
        this.random = new Random(seed);
    }

    /** What came. */
    @Override
    public List<ParsedEvent> call() {
        boolean all = false;
        while (!all) {
            TestRequest request = TestClient.get(port, "/").timeout(Duration.ofMinutes(2));
            try (TestClient connection =
                    (lastEventId.isEmpty() ? request : request.header("Last-Event-ID", lastEventId)).open()) {
                all = read(connection, 1 + random.nextInt(2 * MEAN_BYTES));
            }
            returns++;
        }
        return events;
    }

    private boolean read(TestClient connection, int bytes) {
        boolean all = false;
        while (!all && connection.bytesRead() < bytes) {
            if (connection.read((int) (bytes - connection.bytesRead())) < 0) {
                throw new AssertionError("the server has ended a stream");
            }
            for (ParsedEvent event : connection.drain()) {
                events.add(event);
                received = events.size();
                all |= event.data().equals(Sending.END);
            }
        }
        if (!connection.parser().violations().isEmpty()) {
            throw new AssertionError(connection.parser().violations());
        }
        if (!connection.parser().lastEventId().isEmpty()) {
            lastEventId = connection.parser().lastEventId();
        }
        connection.cut();
        return all;
    }

    /** How many events it has by now. */
    int received() {
        return received;
    }

    int returns() {
        return returns;
    }
}
