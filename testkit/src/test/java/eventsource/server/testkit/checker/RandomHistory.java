package eventsource.server.testkit.checker;

import eventsource.server.Resume.Outcome;
import eventsource.server.testkit.checker.Step.Emitted;
import eventsource.server.testkit.checker.Step.Fate;
import eventsource.server.testkit.checker.Step.Received;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * A history as a service makes it that keeps its promises: several nodes follow one log, each at its own pace, emitters have
 * several emissions on their way, the log is trimmed, and clients come and go between the nodes.
 */
final class RandomHistory {

    static final int EMITTERS = 3;

    private static final List<String> TOPICS = List.of("a", "b", "c", "d");
    private static final List<Fate> FATES = List.of(Fate.values());
    private static final int NODES = 3;
    private static final int CLIENTS = 6;
    private static final int MOVES = 800;

    final List<Step> steps = new ArrayList<>();
    final List<Emitted> emitted = new ArrayList<>();
    final List<Set<String>> topicsOfClients = new ArrayList<>();

    private final Random random;
    private final List<Emitted> log = new ArrayList<>();
    private final List<Emitter> emitters = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();
    private final int[] followed = new int[NODES];
    private final Map<String, Integer> trims = new HashMap<>();
    private int trimmed;

    /** One that has emissions on their way, and may not yet have recorded the last of them. */
    private static final class Emitter {
        final Deque<Emitted> pending = new ArrayDeque<>();
        int emissions;
        boolean hasToRecord;
    }

    /** A client, whose place is the number of the last entry that it has passed. */
    private static final class Client {
        final Set<String> topics;
        final Map<String, Integer> had = new HashMap<>();
        int node = -1;
        int place;
        int lastPlace;
        String lastId = "";
        Map<String, Integer> told = Map.of();

        Client(Set<String> topics) {
            this.topics = topics;
        }
    }

    RandomHistory(long seed) {
        random = new Random(seed);
        for (int i = 0; i < EMITTERS; i++) {
            emitters.add(new Emitter());
        }
        for (int i = 0; i < CLIENTS; i++) {
            topicsOfClients.add(i == 0 ? Set.of() : someTopics());
            clients.add(new Client(topicsOfClients.get(i)));
        }
        for (int i = 0; i < MOVES; i++) {
            move();
        }
        end();
    }

    Checker play() {
        return play(steps);
    }

    Checker play(List<Step> changed) {
        Step.Cast cast = new Step.Cast(EMITTERS, topicsOfClients);
        changed.forEach(step -> step.play(cast));
        return cast.checker;
    }

    private Set<String> someTopics() {
        Set<String> topics = new TreeSet<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            topics.add(TOPICS.get(random.nextInt(TOPICS.size())));
        }
        return topics;
    }

    private void move() {
        int dice = random.nextInt(100);
        if (dice < 20) {
            emit(random.nextInt(EMITTERS));
        } else if (dice < 35) {
            store(emitters.get(random.nextInt(EMITTERS)));
        } else if (dice < 45) {
            follow(random.nextInt(NODES));
        } else if (dice < 46) {
            trimmed += random.nextInt(log.size() - trimmed + 1) / 2;
        } else if (dice < 47) {
            String busy = TOPICS.get(random.nextInt(TOPICS.size()));
            trims.put(busy, trimmed(busy) + random.nextInt(log.size() - trimmed(busy) + 1));
        } else {
            int client = random.nextInt(CLIENTS);
            if (clients.get(client).node < 0) {
                connect(client);
            } else if (random.nextInt(15) == 0) {
                clients.get(client).node = -1;
            } else {
                deliver(client);
            }
        }
    }

    // --- the log ---

    private void emit(int number) {
        Emitter emitter = emitters.get(number);
        if (emitter.hasToRecord) {
            emitter.hasToRecord = false;
            steps.add(new Step.Recorded(lastOf(number)));
            return;
        }
        Fate fate = random.nextInt(5) > 0 ? Fate.STORED : FATES.get(random.nextInt(FATES.size()));
        Emitted event = new Emitted(number, emitter.emissions++, someTopics(), fate, "");
        emitted.add(event);
        emitter.pending.add(event);
        if (random.nextBoolean()) {
            steps.add(new Step.Announced(number));
            steps.add(new Step.Recorded(event));
        } else {
            emitter.hasToRecord = true;
        }
    }

    private Emitted lastOf(int emitter) {
        for (int i = emitted.size() - 1; ; i--) {
            if (emitted.get(i).emitter == emitter) {
                return emitted.get(i);
            }
        }
    }

    private void store(Emitter emitter) {
        Emitted event = emitter.pending.poll();
        if (event != null && event.fate.isStored()) {
            log.add(event);
            event.place = log.size();
            event.id = random.nextInt(4) == 0 ? "own id of " + event.payload : idOfPlace(event.place);
        }
    }

    /** A server's own id: that of the entry there, unless it has an id of its own. */
    private static String idOfPlace(int place) {
        return "~" + place;
    }

    /** How far a topic was trimmed. Nothing is trimmed for the client of all topics but what is trimmed of all. */
    private int trimmed(String topic) {
        return Math.max(trimmed, trims.getOrDefault(topic, 0));
    }

    private void follow(int node) {
        followed[node] += random.nextInt(log.size() - followed[node] + 1);
    }

    // --- the clients ---

    private void connect(int number) {
        Client client = clients.get(number);
        client.node = random.nextInt(NODES);
        client.told = Map.of();
        if (client.lastId.isEmpty()) {
            connectFresh(number);
            return;
        }
        String after = client.lastId;
        int place = client.lastPlace;
        if (random.nextInt(8) == 0 && !client.had.isEmpty()) { // it has forgotten some
            after = List.copyOf(new TreeSet<>(client.had.keySet())).get(random.nextInt(client.had.size()));
            place = client.had.get(after);
        }
        if (isLapped(client, place) || random.nextInt(8) == 0) {
            tellOfGap(number, after, place);
        } else {
            boolean goesOn = after.equals(client.lastId);
            client.place = place;
            client.lastPlace = place;
            client.lastId = after;
            steps.add(new Step.Connected(number, Outcome.RESUMED, after, goesOn));
        }
        // A node that is behind lets the client wait.
        followed[client.node] = Math.max(followed[client.node], client.place);
    }

    /** Starts live, or with the oldest. */
    private void connectFresh(int number) {
        Client client = clients.get(number);
        client.place = followed[client.node];
        if (random.nextInt(4) == 0) {
            begin(client, 0);
        }
        steps.add(new Step.Connected(number, Outcome.LIVE, "", false));
        if (random.nextBoolean()) {
            tellPlace(client);
            steps.add(new Step.Placed(number, client.lastId));
        }
    }

    /** Starts with the oldest, the oldest after what it had, or live; a gap may be told though nothing is missing. */
    private void tellOfGap(int number, String after, int place) {
        Client client = clients.get(number);
        switch (random.nextInt(3)) {
            case 0 -> begin(client, 0);
            case 1 -> begin(client, place);
            default -> client.place = Math.max(followed[client.node], place);
        }
        steps.add(new Step.Connected(number, Outcome.GAP, after, false));
        if (random.nextBoolean()) {
            tellPlace(client);
            steps.add(new Step.Gap(number, client.lastId));
        }
    }

    /** Puts a client before the oldest event after a place that any of its topics still has. */
    private void begin(Client client, int place) {
        client.place = place;
        client.told = new HashMap<>();
        for (String feed : feeds(client)) {
            client.told.put(feed, trimmed(feed));
            followed[client.node] = Math.max(followed[client.node], trimmed(feed)); // it only trims what it had
        }
        while (client.place < followed[client.node] && !isRetained(client, log.get(client.place))) {
            client.place++;
        }
    }

    private static Set<String> feeds(Client client) {
        return client.topics.isEmpty() ? Set.of("") : client.topics;
    }

    /** Whether something was trimmed that a client at a place neither had nor was told of. */
    private boolean isLapped(Client client, int place) {
        return feeds(client).stream()
                .anyMatch(feed -> trimmed(feed) > Math.max(place, client.told.getOrDefault(feed, 0)));
    }

    private boolean isRetained(Client client, Emitted event) {
        return feeds(client).stream()
                .anyMatch(feed -> (feed.isEmpty() || event.topics.contains(feed)) && event.place > trimmed(feed));
    }

    private static void tellPlace(Client client) {
        client.lastPlace = client.place;
        client.lastId = idOfPlace(client.place);
    }

    private void deliver(int number) {
        Client client = clients.get(number);
        if (isLapped(client, client.place)) {
            lag(number);
            return;
        }
        while (client.place < followed[client.node]) {
            Emitted next = log.get(client.place++);
            if (isRetained(client, next)) {
                steps.add(new Received(number, next.id, next.payload, next));
                client.lastId = next.id;
                client.lastPlace = client.place;
                client.had.put(next.id, client.place);
                return;
            }
        }
    }

    private void lag(int number) {
        Client client = clients.get(number);
        if (random.nextBoolean()) {
            client.node = -1;
        } else {
            followed[client.node] = log.size();
            begin(client, client.place);
            tellPlace(client);
            steps.add(new Step.Gap(number, client.lastId));
        }
    }

    // --- the end ---

    private void end() {
        for (int i = 0; i < EMITTERS; i++) {
            if (emitters.get(i).hasToRecord) {
                emit(i);
            }
            while (!emitters.get(i).pending.isEmpty()) {
                store(emitters.get(i));
            }
        }
        for (int i = 0; i < CLIENTS; i++) {
            if (random.nextInt(4) > 0) {
                catchUp(i);
            }
        }
    }

    private void catchUp(int number) {
        Client client = clients.get(number);
        if (client.node < 0) {
            connect(number);
        }
        while (client.place < log.size()) {
            if (client.node < 0) {
                connect(number);
            }
            followed[client.node] = log.size();
            deliver(number);
        }
        steps.add(new Step.CaughtUp(number));
    }
}
