package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.StreamRequest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two calls that meet within a few instructions. Turns run on the thread that causes them, so that nothing else delays. */
@Timeout(300)
class DuelTest {

    private static final int ROUNDS = 10_000;

    private final Endings endings = new Endings();
    private final EventSourceServer server = EventSourceServer.builder()
            .executor(Runnable::run)
            .keepalive(Duration.ZERO)
            .stall(Duration.ofDays(1))
            .retainBytes(1)
            .build();

    @Test
    void anEventAndTheDemandForItMeet() {
        Client client = Client.idle().on(server.outSupply(StreamRequest.own()), 0);
        client.request(1);
        new Duel().play(ROUNDS, () -> new Duel.Round() {

            private final int before = client.elements();

            @Override
            public void one() {
                server.emit("event");
            }

            @Override
            public void other() {
                client.request(1);
            }

            @Override
            public void check() {
                assertEquals(before + 1, client.elements());
            }
        });
        client.assertNoFault();
        client.cancel();
    }

    @Test
    void whatIsRequestedAfterTheCancellationIsNotSent() {
        new Duel().play(ROUNDS, () -> new Duel.Round() {

            private final EventStream stream =
                    server.open(StreamRequest.own()).toCompletableFuture().join();
            private final Client client = Client.idle();

            @Override
            public void one() {
                stream.body().subscribe(client); // the first turn has most to do between its looks
            }

            @Override
            public void other() {
                while (!client.isSubscribed()) {
                    Thread.onSpinWait();
                }
                client.cancel();
                client.request(1);
            }

            @Override
            public void check() {
                assertEquals(0, client.elements());
                assertEquals(false, client.hasEnded());
                client.assertNoFault();
            }
        });
    }

    @Test
    void aSubscriptionAndAnEventMeet() {
        new Duel().play(ROUNDS, () -> new Duel.Round() {

            private final EventStream stream =
                    server.open(StreamRequest.own()).toCompletableFuture().join();
            private final Client client = Client.eager();

            @Override
            public void one() {
                server.emit("event");
            }

            @Override
            public void other() {
                client.on(stream.body(), 1);
            }

            @Override
            public void check() {
                assertEquals(List.of("event"), client.data());
                client.cancel();
            }
        });
    }

    @Test
    void theLastOfATopicLeavesAndTheNextOneJoins() {
        Client[] last = {Client.eager().on(server, StreamRequest.of("topic"))};
        new Duel().play(ROUNDS, () -> new Duel.Round() {

            private final Client coming = Client.eager();

            @Override
            public void one() {
                last[0].cancel();
            }

            @Override
            public void other() {
                coming.on(server, StreamRequest.of("topic"));
            }

            @Override
            public void check() {
                server.emit(Event.of("event"), "topic");
                assertEquals(List.of("event"), coming.data());
                last[0] = coming;
            }
        });
    }

    @Test
    void twoEndsMeetAndOneOfThemCounts() {
        EventSourceServer heard = EventSourceServer.builder()
                .executor(Runnable::run)
                .listener(endings)
                .build();
        new Duel().play(ROUNDS / 4, () -> new Duel.Round() {

            private final EventStream stream =
                    heard.open(StreamRequest.own()).toCompletableFuture().join();
            private final Client client = Client.eager().on(stream.body(), 1);

            @Override
            public void one() {
                stream.end();
            }

            @Override
            public void other() {
                client.cancel();
            }

            @Override
            public void check() {
                assertEquals(1, endings.of(stream).size());
                client.assertNoFault();
            }
        });
    }
}
