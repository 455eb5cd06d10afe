package eventsource.server.testkit.checker;

import eventsource.server.Resume.Outcome;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** Six events of one emitter on one topic, and a client that nothing is wrong with. */
abstract class SixEvents extends HistoryTest {

    final EmitterRecorder emitter = checker.emitter("node 1");
    final EmitterRecorder another = checker.emitter("node 2");

    @BeforeEach
    void emit() {
        ClientRecorder sound = live("sound", "t");
        for (String payload : List.of("1", "2", "3", "4", "5", "6")) {
            emit(emitter, payload, "t");
            receive(sound, payload);
        }
        sound.caughtUp();
    }

    /** A client that was there before the first event. */
    ClientRecorder fromTheBeginning(String... payloads) {
        ClientRecorder client = client("c", "t");
        client.connected(Outcome.RESUMED, "the beginning");
        receive(client, payloads);
        return client;
    }
}
