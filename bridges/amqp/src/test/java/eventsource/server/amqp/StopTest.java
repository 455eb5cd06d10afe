package eventsource.server.amqp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.testkit.log.ScriptedLog;
import eventsource.server.testkit.log.ScriptedNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** How sources end. */
@Timeout(120)
class StopTest extends WithBroker {

    private final ScriptedNode log = new ScriptedLog().node();
    private final CountingLog counting = new CountingLog(log);
    private final EventSourceServer server =
            EventSourceServer.builder().log(counting).build();
    private final Seen seen = Seen.of(server);
    private String queue;
    private Broker broker;

    @BeforeEach
    void begin(TestInfo test) throws Exception {
        queue = test.getTestMethod().orElseThrow().getName();
        broker = new Broker(embedded.port());
        broker.declare(queue);
    }

    @AfterEach
    void end() {
        server.close();
        broker.close();
    }

    private AmqpSource start(AmqpSourceBuilder builder) {
        return builder.supplyTo(server, AmqpSourceTest::emission);
    }

    private static void awaitEnd(AmqpSource source) throws Exception {
        source.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertFalse(source.figures().connected());
        assertEquals(0, source.figures().unsettled());
    }

    private List<String> takeAll(int messages) throws Exception {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            all.add(Broker.text(broker.take(queue)));
        }
        return all;
    }

    @Test
    @DisplayName("What was delivered and not stored goes back into the queue, in its order, when the server stops")
    void putBack() throws Exception {
        log.disconnect(new IllegalStateException("on purpose"));
        broker.sendNumbers(queue, 0, 20);
        AmqpSource source = start(Broker.source(embedded.port(), queue).prefetch(10));
        Await.until(() -> source.figures().toString(), () -> source.figures().unsettled() == 10);
        server.stop();
        awaitEnd(source);

        assertEquals(Broker.numbers(0, 20), takeAll(20));
        assertEquals(0, source.figures().acknowledged());
        assertEquals(0, source.figures().rejected());
        assertEquals(List.of(), seen.data());
    }

    @Test
    @DisplayName("An event that is being stored when the source stops is waited for and acknowledged")
    void storedAtTheEnd() throws Exception {
        log.hold();
        broker.sendNumbers(queue, 0, 2);
        AmqpSource source = start(Broker.source(embedded.port(), queue));
        Await.until(() -> source.figures().toString(), () -> source.figures().unsettled() == 2);
        counting.await(1);
        source.close();
        log.release();
        awaitEnd(source);

        assertEquals(List.of("0"), seen.await(1));
        assertEquals(1, source.figures().acknowledged());
        assertEquals(List.of("1"), takeAll(1));
        assertTrue(broker.isDrained(queue));
    }

    @Test
    @DisplayName("An event that takes too long to be stored is not waited for for ever")
    void neverStored() throws Exception {
        log.hold();
        broker.sendNumbers(queue, 0, 1);
        AmqpSource source = start(Broker.source(embedded.port(), queue));
        Await.until(() -> source.figures().toString(), () -> source.figures().unsettled() == 1);
        awaitEnd(source);
        assertEquals(List.of("0"), takeAll(1));
        log.release();
    }

    @Test
    @DisplayName("A source that was stopped leaves a server and other sources as they are, and stops once")
    void others() throws Exception {
        AmqpSource one = start(Broker.source(embedded.port(), queue));
        awaitEnd(one);
        awaitEnd(one);
        one.close();
        AmqpSource other = start(Broker.source(embedded.port(), queue));
        broker.send(queue, "on");
        assertEquals(List.of("on"), seen.await(1));
        awaitEnd(other);
    }

    @Test
    @DisplayName("A source whose broker cannot be reached stops, too")
    void withoutBroker() throws Exception {
        AmqpSource source = start(Broker.source(Ports.free(), queue));
        awaitEnd(source);
        assertEquals(0, source.figures().interruptions());
    }

    @Test
    @DisplayName("A source of a server that was stopped does not take anything from the broker")
    void stoppedServer() throws Exception {
        server.stop();
        broker.send(queue, "kept");
        AmqpSource source = start(Broker.source(embedded.port(), queue));
        awaitEnd(source);
        assertEquals(0, source.figures().received());
        assertEquals(List.of("kept"), takeAll(1));
    }

    @Test
    @DisplayName("A server that finishes stops its sources")
    void finished() throws Exception {
        AmqpSource source = start(Broker.source(embedded.port(), queue));
        broker.send(queue, "last");
        seen.await(1);
        server.finish();
        awaitEnd(source);
        broker.send(queue, "too late");
        assertEquals(List.of("too late"), takeAll(1));
    }
}
