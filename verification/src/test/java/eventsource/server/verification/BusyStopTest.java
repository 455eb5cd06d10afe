package eventsource.server.verification;

import eventsource.server.EventSourceServer;
import eventsource.server.StreamEnd;
import eventsource.server.StreamRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Stopping over time while events never cease. */
class BusyStopTest {

    @Test
    void aStreamThatAlwaysHasNewsEndsCleanlyBeforeTheDeadline() {
        SteppedServer stepped = new SteppedServer(options -> options);
        EventSourceServer server = stepped.server;
        Client client = Client.that(taken -> server.emit("news while it is written"));
        client.on(server, StreamRequest.own());
        server.stop(Duration.ofSeconds(4));
        for (int i = 0; i < 41 && !client.hasEnded(); i++) {
            client.request(1);
            stepped.advanceMillis(100);
        }
        stepped.assertEnds(StreamEnd.STOPPED);
        client.assertNoFault();
    }
}
