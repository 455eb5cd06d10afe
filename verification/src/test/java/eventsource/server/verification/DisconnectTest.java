package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.StreamRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams that end and open while an event is on its way to them and to others. */
@Timeout(300)
class DisconnectTest {

    private static final int CLIENTS = 60;
    private static final int EVENTS = 200;

    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final Logged logged = new Logged();

    @AfterEach
    void nothingWasLogged() {
        logged.close();
        logged.assertNothing();
    }

    /** Clients that make others leave and come whenever they are given something. */
    private final class Crowd {

        private final EventSourceServer server =
                EventSourceServer.builder().executor(Runnable::run).build();
        private final List<Client> clients = new ArrayList<>();
        private final List<Integer> firstEvents = new ArrayList<>();
        private final Set<Client> left = new HashSet<>();
        private int emitted;

        private void join() {
            Client client = Client.that(this::takeAndDisturb);
            clients.add(client);
            firstEvents.add(emitted);
            client.on(server, StreamRequest.own());
        }

        private void takeAndDisturb(Client taking) {
            taking.request(1);
            if (emitted == 0 || random.nextInt(CLIENTS) > 0) {
                return;
            }
            Client leaving = clients.get(random.nextInt(clients.size())); // before or after this one, or this one
            if (leaving.isSubscribed()) {
                leaving.cancel();
                left.add(leaving);
            }
            join();
        }

        private void run() {
            for (int i = 0; i < CLIENTS; i++) {
                join();
            }
            while (emitted < EVENTS) {
                emitted++;
                server.emit("event " + emitted);
            }
            server.stop();
        }

        private void check() {
            assertTrue(left.size() > 10, "hardly anybody left");
            for (int i = 0; i < clients.size(); i++) {
                Client client = clients.get(i);
                List<String> expected = new ArrayList<>();
                for (int event = firstEvents.get(i) + 1; event <= EVENTS; event++) {
                    expected.add("event " + event);
                }
                List<String> given = client.data();
                client.assertNoFault();
                if (left.contains(client)) {
                    assertEquals(expected.subList(0, given.size()), given, () -> "seed " + seed);
                } else {
                    assertEquals(expected, given, () -> "seed " + seed);
                    assertTrue(client.hasEnded(), () -> "seed " + seed);
                }
            }
        }
    }

    @Test
    @DisplayName("DC-08: streams that end while an event is being delivered keep nobody from getting it")
    void whoStaysGetsEverythingWhoeverLeavesMeanwhile() {
        for (int round = 0; round < 20; round++) {
            Crowd crowd = new Crowd();
            crowd.run();
            crowd.check();
        }
    }

    @Test
    @DisplayName("DC-08: streams that end on other threads while events are appended keep nobody from getting them")
    void whoStaysGetsEverythingWhoeverLeavesOnOtherThreads() throws Exception {
        EventSourceServer server = EventSourceServer.create();
        List<Client> staying = new ArrayList<>();
        List<Client> leaving = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) { // so many that there is more than one lane
            (i % 10 == 0 ? staying : leaving).add(Client.eager().on(server, StreamRequest.own()));
        }
        List<String> all = new ArrayList<>();
        new Together()
                .with(() -> {
                    for (int i = 0; i < 2_000; i++) {
                        all.add("event " + i);
                        server.emit("event " + i);
                    }
                })
                .with(() -> leaving.forEach(Client::cancel))
                .run();
        server.stop().toCompletableFuture().join();
        for (Client client : staying) {
            assertEquals(all, client.data());
            client.assertNoFault();
        }
    }
}
