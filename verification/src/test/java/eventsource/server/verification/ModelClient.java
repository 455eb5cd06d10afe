package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.Resume.Outcome;
import eventsource.server.StreamRequest;
import eventsource.server.parser.ParsedEvent;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A client that comes and goes, and knows what it must have been sent: either every event that it wants, or, where the
 * newest of each key is enough, those. Only what it was told of may be missing.
 */
final class ModelClient {

    static final String GAP = "gap";
    static final String OPENING = "hello";

    private final History history;
    private final Wish wish;
    private final boolean byKey;
    private final TreeSet<Integer> received = new TreeSet<>();
    private String lastEventId = "";
    private int cursor; // it has everything up to here, or was told
    private boolean whole; // it was given the newest of each key of before that
    private int last; // of this connection
    private int opened;
    private boolean told; // of the gap that it came back with

    @Nullable
    Client client;

    boolean lagged;
    private @Nullable AssertionError fault;

    ModelClient(History history, Wish wish, boolean byKey) {
        this.history = history;
        this.wish = wish;
        this.byKey = byKey || wish.newest();
    }

    boolean isConnected() {
        return client != null && !client.hasEnded();
    }

    /** Connects, unless there are too many selectors just now. */
    void connectIfAdmitted(EventSourceServer server) {
        StreamRequest request = wish.request().after(lastEventId).with("client", this);
        CompletableFuture<EventStream> open = server.open(request).toCompletableFuture();
        if (!open.isCompletedExceptionally()) {
            connect(open.join());
        }
    }

    private void connect(EventStream stream) {
        opened = history.head();
        told = stream.resume().outcome() != Outcome.GAP;
        last = 0;
        if (lastEventId.isEmpty()) {
            assertEquals(Outcome.LIVE, stream.resume().outcome());
            startAt(opened);
        } else if (stream.resume().outcome() == Outcome.RESUMED) {
            last = received.isEmpty() ? 0 : received.last();
        }
        client = Client.that(this::take);
        stream.body().subscribe(client);
    }

    void disconnect() {
        client.cancel();
        assertNoFault();
        client = null;
    }

    private void startAt(int number) {
        cursor = number;
        whole = wish.newest();
        received.clear();
        lagged = false;
    }

    private void take(Client from) {
        try {
            takeAll(from);
        } catch (AssertionError wrong) {
            fault = wrong; // the server would take it for the subscriber's
        }
    }

    private void assertNoFault() {
        if (fault != null) {
            throw fault;
        }
        client.assertNoFault();
    }

    private void takeAll(Client from) {
        for (ParsedEvent event : from.events()) {
            if (event.type().equals(GAP)) {
                startAt(told ? history.head() : opened);
                told = true;
                last = 0;
            } else if (!event.type().equals(OPENING)) {
                take(Integer.parseInt(event.data()));
            }
        }
        from.events().clear();
        lastEventId = from.lastEventId().isEmpty() ? lastEventId : from.lastEventId();
    }

    private void take(int number) {
        assertTrue(wish.has(history.at(number)), () -> number + " is not wanted");
        assertTrue(number > last, () -> number + " after " + last);
        last = number;
        received.add(number);
        if (!byKey) {
            assertNothingMissing(number);
            cursor = Math.max(cursor, number);
        }
    }

    private void assertNothingMissing(int before) {
        for (History.Entry entry : history.after(Math.min(cursor, before))) {
            if (entry.number() < before && wish.has(entry)) {
                throw new AssertionError(entry.number() + " is missing, and nothing was told; next came " + before);
            }
        }
    }

    /** Takes all that there is. */
    void drain() {
        client.request(1_000_000);
        assertNoFault();
        if (!isConnected()) {
            return; // it has lagged, and is told when it comes back
        }
        if (byKey) {
            assertHasNewest();
        } else {
            assertNothingMissing(history.head() + 1);
        }
    }

    private void assertHasNewest() {
        List<Map<String, Integer>> newest =
                wish.feeds().stream().map(history::newest).toList();
        for (History.Entry entry : history.after(0)) {
            if (wish.has(entry) && needs(entry, newest)) {
                assertTrue(received.contains(entry.number()), () -> entry + " is missing, and nothing was told");
            }
        }
    }

    private boolean needs(History.Entry entry, List<Map<String, Integer>> newest) {
        boolean isNewest = entry.key() != null
                && newest.stream()
                        .anyMatch(all -> Integer.valueOf(entry.number()).equals(all.get(entry.key())));
        return entry.number() > cursor
                ? isNewest || entry.key() == null || (!wish.newest() && !lagged)
                : whole && isNewest && !entry.removal();
    }
}
