package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;

import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.Resume;
import eventsource.server.StreamRequest;
import eventsource.server.parser.ParsedEvent;
import eventsource.server.spi.EventLog.Entry;
import eventsource.server.testkit.log.ScriptedLog;
import eventsource.server.testkit.log.ScriptedNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two servers on one event log, which both emit while clients come and go between them and the log has outages. */
@Timeout(300)
class SharedLogLoadTest {

    private static final int EVENTS = 2000;
    private static final String LAST = "last";

    @Test
    void clientsThatChangeServersMissNothingAndGetNothingTwice() throws Exception {
        ScriptedLog log = new ScriptedLog();
        List<ScriptedNode> nodes = List.of(log.node(), log.node());
        List<EventSourceServer> servers = nodes.stream()
                .map(node -> EventSourceServer.builder()
                        .retainPerTopic(100)
                        .log(node)
                        .build())
                .toList();
        String start = servers.get(0).emit("start").toCompletableFuture().get(60, TimeUnit.SECONDS);
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            List<Future<List<ParsedEvent>>> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int first = i;
                clients.add(threads.submit(() -> changing(servers, first, start)));
            }
            List<Future<?>> emitting = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                EventSourceServer server = servers.get(i);
                ScriptedNode node = nodes.get(i);
                emitting.add(threads.submit(() -> emitAll(server, node)));
            }
            for (Future<?> done : emitting) {
                done.get(60, TimeUnit.SECONDS);
            }
            servers.get(0).emit(LAST).toCompletableFuture().get(60, TimeUnit.SECONDS);
            List<Entry> order = log.entries();
            List<String> data = order.stream()
                    .skip(1)
                    .map(entry -> entry.emission().event().data())
                    .toList();
            for (Future<List<ParsedEvent>> client : clients) {
                List<ParsedEvent> received = client.get(60, TimeUnit.SECONDS);
                assertEquals(data, received.stream().map(ParsedEvent::data).toList());
            }
        } finally {
            threads.shutdownNow();
            servers.forEach(EventSourceServer::close);
            nodes.forEach(ScriptedNode::close);
        }
    }

    /** Emits, one event after the other; now and then, its followers lose the engine for a moment. */
    private static void emitAll(EventSourceServer server, ScriptedNode node) {
        for (int i = 0; i < EVENTS; i++) {
            if (i % 500 == 499) {
                node.disconnect(new IllegalStateException("cut"));
                node.reconnect();
            }
            server.emit(i + " by " + System.identityHashCode(node))
                    .toCompletableFuture()
                    .join();
        }
    }

    /** Reads some events of one server, then goes on with the next where it was. */
    private static List<ParsedEvent> changing(List<EventSourceServer> servers, int first, String start)
            throws Exception {
        List<ParsedEvent> all = new ArrayList<>();
        String at = start;
        for (int turn = first; ; turn++) {
            int enough = 50 + 37 * (turn % 5);
            Client client = Client.that(taking -> {
                boolean isLast = taking.data().contains(LAST);
                if (isLast || taking.data().size() >= enough) {
                    taking.cancel();
                    taking.onComplete();
                } else {
                    taking.request(1);
                }
            });
            CompletableFuture<?> ended = client.ended;
            EventStream stream = servers.get(turn % servers.size())
                    .open(StreamRequest.own().after(at))
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS);
            assertEquals(Resume.Outcome.RESUMED, stream.resume().outcome());
            client.on(stream.body(), 1);
            ended.get(60, TimeUnit.SECONDS);
            all.addAll(client.events());
            if (!client.data().isEmpty()) {
                at = client.lastEventId();
            }
            if (client.data().contains(LAST)) {
                return all;
            }
        }
    }
}
