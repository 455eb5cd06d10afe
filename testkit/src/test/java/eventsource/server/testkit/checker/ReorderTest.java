package eventsource.server.testkit.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Resume.Outcome;
import eventsource.server.testkit.checker.Finding.Kind;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Another order is found")
class ReorderTest extends SixEvents {

    @Test
    @DisplayName("at one client than that of the emitter")
    void thanTheEmitter() {
        fromTheBeginning("1", "2", "4", "3", "5");
        assertEquals(
                "it received '4' (id ~4) before '3' (id ~3), and emitter node 1 has emitted that first",
                only(Kind.REORDER, "c"));
    }

    @Test
    @DisplayName("at all clients than that of the emitter")
    void thanTheEmitterForAll() {
        emit(another, "A", "u");
        emit(another, "B", "u");
        receive(live("c", "u"), "B", "A");
        receive(live("d", "u"), "B", "A");
        assertEquals(
                "it received 'B' (id ~B) before 'A' (id ~A), and emitter node 2 has emitted that first",
                only(Kind.REORDER, "c"));
    }

    @Test
    @DisplayName("at two clients, of events of two emitters")
    void thanAnotherClient() {
        emit(emitter, "A", "u");
        emit(another, "B", "u");
        receive(live("c", "u"), "A", "B");
        receive(live("d", "u"), "B", "A");
        receive(live("e", "u"), "A", "B");
        assertEquals(
                "it received 'B' (id ~B) before 'A' (id ~A), and client c received that first",
                only(Kind.REORDER, "d"));
    }

    @Test
    @DisplayName("of events of two topics")
    void ofTwoTopics() {
        emit(emitter, "A", "u");
        emit(another, "B", "v");
        receive(live("c", "u", "v"), "A", "B");
        receive(live("d", "v", "u"), "B", "A");
        receive(live("e", "v", "u"), "A", "B");
        only(Kind.REORDER, "d");
    }

    @Test
    @DisplayName("that shows only when three clients are seen together")
    void ofThree() {
        EmitterRecorder third = checker.emitter("node 3");
        emit(emitter, "A", "ab", "ca");
        emit(another, "B", "bc", "ab");
        emit(third, "C", "ca", "bc");
        receive(live("c", "ab"), "A", "B");
        receive(live("d", "bc"), "B", "C");
        receive(live("e", "ca"), "C", "A");
        assertTrue(only(Kind.REORDER, "c").contains("in this order: 'B' (id ~B), 'C' (id ~C), 'A' (id ~A)"));
    }

    @Test
    @DisplayName("after the client was resumed: what was before its last id")
    void beforeTheLastId() {
        ClientRecorder client = client("c", "t");
        client.connected(Outcome.RESUMED, id("3"));
        receive(client, "2");
        only(Kind.REORDER, "c");
    }

    @Test
    @DisplayName("of everything does not take for ever to report")
    void ofEverything() {
        ClientRecorder client = client("c", "t");
        for (int i = 7; i < 5_000; i++) {
            emit(emitter, "" + i, "t");
        }
        client.connected(Outcome.LIVE, "");
        for (int i = 4_999; i > 0; i--) {
            receive(client, "" + i);
        }
        List<Finding> findings = checker.findings();
        assertEquals(
                101,
                findings.stream()
                        .filter(finding -> finding.kind() == Kind.REORDER)
                        .count());
        assertEquals(
                "there are more of these, which are not listed",
                findings.get(100).text());
    }
}
