package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.StreamEnd;
import eventsource.server.StreamRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each stream ends once, for one reason, whatever happens at the same time. */
@Timeout(300)
class EndingRaceTest {

    private static final int ROUNDS = 40;
    private static final int STREAMS = 12;

    private final Logged logged = new Logged();
    private final Endings endings = new Endings();
    private final EventSourceServer server =
            EventSourceServer.builder().listener(endings).build();

    @AfterEach
    void nothingWasLogged() {
        logged.assertNothing();
        logged.close();
    }

    private EventStream open() {
        return server.open(StreamRequest.own()).toCompletableFuture().join();
    }

    @RepeatedTest(ROUNDS)
    void cancellationEndStopAndEmissionTogetherEndEachStreamOnce() throws Exception {
        List<EventStream> streams = new ArrayList<>();
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            streams.add(open());
            clients.add(i % 4 == 3 ? Client.idle() : Client.eager());
        }
        new Together()
                .with(() -> {
                    for (int i = 0; i < STREAMS; i++) {
                        clients.get(i).on(streams.get(i).body(), i % 3);
                        server.emit("event");
                    }
                })
                .with(() -> streams.subList(STREAMS / 2, STREAMS).forEach(EventStream::end))
                .with(() -> {
                    for (int i = 0; i < 50; i++) {
                        server.emit("event");
                    }
                    server.stop();
                })
                .run();
        clients.subList(0, STREAMS * 2 / 3).forEach(Client::cancel);
        clients.subList(STREAMS / 2, STREAMS).forEach(client -> client.request(100));
        server.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);

        assertEquals(STREAMS, endings.opened().size());
        for (EventStream stream : streams) {
            assertEquals(1, endings.of(stream).size(), () -> endings.of(stream).toString());
            assertEquals(0, stream.lag());
        }
        clients.forEach(Client::assertNoFault);
    }

    @RepeatedTest(ROUNDS)
    void ofTwoSubscribersAtOnceOneGetsTheStreamAndTheOtherIsRefused() throws Exception {
        EventStream stream = open();
        Client one = Client.eager();
        Client other = Client.eager();

        new Together()
                .with(() -> one.on(stream.body(), 1))
                .with(() -> other.on(stream.body(), 1))
                .run();
        server.emit("event");
        server.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);

        Client refused = one.data().isEmpty() ? one : other;
        Client served = refused == one ? other : one;
        assertInstanceOf(IllegalStateException.class, refused.error());
        assertNull(served.error());
        assertEquals(List.of("event"), served.data());
        assertEquals(List.of(StreamEnd.STOPPED), endings.of(stream));
        one.assertNoFault();
        other.assertNoFault();
    }

    @RepeatedTest(ROUNDS)
    void aStreamThatOpensWhileTheServerStopsIsEndedOrRefused() throws Exception {
        List<Client> clients = new ArrayList<>();
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        new Together()
                .with(() -> {
                    for (int i = 0; i < STREAMS; i++) {
                        clients.add(Client.eager().on(server, StreamRequest.own()));
                    }
                })
                .with(() -> {
                    server.emit("event");
                    server.stop().thenRun(() -> stopped.complete(null));
                })
                .run();
        stopped.get(60, TimeUnit.SECONDS);
        for (Client client : clients) {
            assertNull(client.ended.get(60, TimeUnit.SECONDS));
            client.assertNoFault();
        }
        endings.opened().forEach(stream -> assertEquals(List.of(StreamEnd.STOPPED), endings.of(stream)));
    }

    @RepeatedTest(ROUNDS)
    void whatWasEmittedBeforeTheStopReachesEveryStream() throws Exception {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            clients.add(Client.eager().on(server, StreamRequest.own()));
        }
        List<String> accepted = new ArrayList<>();
        new Together()
                .with(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        if (!server.emit("event " + i).toCompletableFuture().isCompletedExceptionally()) {
                            accepted.add("event " + i);
                        }
                    }
                })
                .with(server::stop)
                .run();
        server.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);
        for (Client client : clients) {
            assertEquals(accepted, client.data());
            assertTrue(client.hasEnded());
        }
    }

    @Test
    void whoSubscribesAfterTheEndIsToldAtOnce() throws Exception {
        EventStream stream = open();
        stream.end();
        Client late = Client.eager();

        stream.body().subscribe(late);

        assertNull(late.ended.get(60, TimeUnit.SECONDS));
        assertEquals(0, late.elements());
        assertEquals(List.of(StreamEnd.ENDED), endings.of(stream));
        late.assertNoFault();
    }

    @Test
    void whoSubscribesToAStoppedServerIsSentAwayCleanly() throws Exception {
        server.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);
        Client late = Client.eager().on(server, StreamRequest.own());

        assertNull(late.ended.get(60, TimeUnit.SECONDS));
        assertEquals(List.of(), late.data());
        assertEquals(List.of(), endings.opened());
        late.assertNoFault();
    }
}
