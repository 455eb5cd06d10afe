package eventsource.server.verification;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.EventSourceServerBuilder;
import eventsource.server.EventStream;
import eventsource.server.Resume;
import eventsource.server.StreamRequest;
import eventsource.server.testkit.TestClock;
import eventsource.server.testkit.log.ScriptedLog;
import eventsource.server.testkit.log.ScriptedNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Servers on one scripted log, every step of which happens on the thread of the test. */
final class LoggedServers {

    final TestClock clock = new TestClock();
    final ScriptedLog log = new ScriptedLog(clock);
    final Endings endings = new Endings();

    /** A server on a node of the log. */
    final class Node {
        final ScriptedNode log;
        final EventSourceServer server;

        private Node(ScriptedNode log, EventSourceServer server) {
            this.log = log;
            this.server = server;
        }

        String emit(String data, String... topics) {
            return done(server.emit(Event.of(data), topics));
        }

        EventStream open(StreamRequest request) {
            return done(server.open(request));
        }

        /** An eager client of a stream of its own. */
        Client client(StreamRequest request) {
            Client client = Client.eager();
            client.on(open(request).body(), 1);
            step();
            return client;
        }

        private <T> T done(CompletionStage<T> stage) {
            CompletableFuture<T> future = stage.toCompletableFuture();
            for (int i = 0; i < 1000 && !future.isDone(); i++) {
                step();
            }
            return future.join();
        }
    }

    /** The data of events that are numbered. */
    static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
    }

    static void emit(Node node, int from, int to, String... topics) {
        numbers(from, to).forEach(data -> node.emit(data, topics));
    }

    static Resume.Outcome outcome(EventStream stream) {
        return stream.resume().outcome();
    }

    Node node() {
        return node(options -> options);
    }

    Node node(UnaryOperator<EventSourceServerBuilder> options) {
        Node node = started(options, scripted -> {});
        step();
        return node;
    }

    /** A server that has not heard from its log yet, and has it go wrong before. */
    Node started(UnaryOperator<EventSourceServerBuilder> options, Consumer<ScriptedNode> fault) {
        ScriptedNode scripted = log.node();
        fault.accept(scripted);
        return new Node(
                scripted,
                options.apply(EventSourceServer.builder()
                                .log(scripted)
                                .executor(Runnable::run)
                                .timer(clock, clock::nanoTime)
                                .listener(endings))
                        .build());
    }

    /** Has everything happen that was asked for. */
    void step() {
        for (int i = 0; i < 10; i++) {
            clock.advance(Duration.ZERO);
        }
    }

    void advance(Duration time) {
        clock.advance(time);
        step();
    }
}
