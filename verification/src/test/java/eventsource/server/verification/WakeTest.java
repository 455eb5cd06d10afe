package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.StreamRequest;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** An event that is emitted while a lane is in the middle of a turn wakes whoever has to get it. */
class WakeTest {

    private final EventSourceServer server =
            EventSourceServer.builder().executor(Runnable::run).build();

    @Test
    void anEventEmittedWhileAnotherTopicIsDrainedReachesATopicThatIsMarkedAlready() {
        Queue<Runnable> turns = new ArrayDeque<>();
        EventSourceServer server =
                EventSourceServer.builder().executor(turns::add).build();
        Client second = Client.eager();
        Client first = Client.that(client -> {
            client.request(1);
            if (client.data().equals(List.of("both"))) {
                server.emit(Event.of("late"), "second");
            }
        });
        first.on(server, StreamRequest.of("first"));
        second.on(server, StreamRequest.of("second"));
        runAll(turns);

        server.emit(Event.of("both"), "first", "second");
        runAll(turns);

        assertEquals(List.of("both", "late"), second.data());
    }

    private static void runAll(Queue<Runnable> turns) {
        for (Runnable turn = turns.poll(); turn != null; turn = turns.poll()) {
            turn.run();
        }
    }

    @Test
    void anEventEmittedWhileItsOwnTopicIsDrainedReachesAllStreamsOfTheTopic() {
        Client first = Client.that(client -> {
            client.request(1);
            if (client.data().equals(List.of("one"))) {
                server.emit("two");
            }
        });
        first.on(server, StreamRequest.own());
        Client second = Client.eager().on(server, StreamRequest.own());

        server.emit("one");

        assertEquals(List.of("one", "two"), first.data());
        assertEquals(List.of("one", "two"), second.data());
    }

    @Test
    void anEventEmittedBetweenOpenAndSubscribeIsNotLost() {
        var stream = server.open(StreamRequest.own()).toCompletableFuture().join();
        server.emit("between");
        Client client = Client.eager().on(stream.body(), 1);
        server.emit("after");

        assertEquals(List.of("between", "after"), client.data());
    }

    @Test
    void anEventEmittedInsideOfOnSubscribeIsNotLost() {
        Client client = Client.eager();
        server.outSupply(StreamRequest.own()).subscribe(new OnSubscribe(client, () -> server.emit("inside")));
        client.request(1);

        assertEquals(List.of("inside"), client.data());
    }

    @Test
    void aStopInsideOfOnNextEndsAllStreamsAfterWhatWasEmitted() {
        Client first = Client.that(client -> {
            client.request(1);
            if (!client.data().isEmpty()) {
                server.emit("last");
                server.stop();
            }
        });
        first.on(server, StreamRequest.own());
        Client second = Client.eager().on(server, StreamRequest.own());

        server.emit("one");

        for (Client client : List.of(first, second)) {
            assertEquals(List.of("one", "last"), client.data());
            assertEquals(true, client.hasEnded());
            client.assertNoFault();
        }
    }
}
