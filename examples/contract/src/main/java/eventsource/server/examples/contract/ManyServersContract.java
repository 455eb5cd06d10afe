package eventsource.server.examples.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.parser.ParsedEvent;
import eventsource.server.parser.TestClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The examples with a server for each user or answer, and the one with the newest per key, as their users see them. */
public abstract class ManyServersContract {

    /** Which web server serves the examples, by the name that {@code --server} takes. */
    protected abstract String server();

    private static final Duration SOON = Duration.ofSeconds(60);

    private static String posted(RunningExample example, String target, String body) {
        try (TestClient client = TestClient.get(example.port(), target)
                .method("POST")
                .body(body.getBytes(StandardCharsets.UTF_8))
                .open()) {
            assertEquals(202, client.status(), target);
            return client.bodyText();
        }
    }

    private static TestClient opened(RunningExample example, String target, String lastEventId) {
        var request = TestClient.get(example.port(), target);
        return lastEventId.isEmpty()
                ? request.open()
                : request.header("Last-Event-ID", lastEventId).open();
    }

    private static int status(RunningExample example, String target, String lastEventId) {
        try (TestClient client = opened(example, target, lastEventId)) {
            return client.status();
        }
    }

    // --- notifications ---

    @Test
    void eachUserHearsOfNobodyElse() throws IOException {
        try (RunningExample notifications = RunningExample.start("notifications", server())) {
            posted(notifications, "/notify?user=ann", "before she came");
            String ann = posted(notifications, "/login?user=ann", "");
            String bob = posted(notifications, "/login?user=bob", "");
            try (TestClient hers = opened(notifications, "/events?session=" + ann, "");
                    TestClient his = opened(notifications, "/events?session=" + bob, "")) {
                assertEquals("before she came", hers.next().data());
                posted(notifications, "/notify?user=ann", "for Ann");
                posted(notifications, "/notify?user=bob", "for Bob");
                assertEquals("for Ann", hers.next().data());
                assertEquals("for Bob", his.next().data());
                assertEquals(List.of(), his.parser().violations());
            }
        }
    }

    @Test
    void aLogoutEndsTheStreamsOfItsSessionAndTurnsItAway() throws IOException {
        try (RunningExample notifications = RunningExample.start("notifications", server())) {
            String phone = "/events?session=" + posted(notifications, "/login?user=ann", "");
            String session = posted(notifications, "/login?user=ann", "");
            try (TestClient staying = opened(notifications, phone, "");
                    TestClient leaving = opened(notifications, "/events?session=" + session, "")) {
                assertEquals("1 ended\n", posted(notifications, "/logout?session=" + session, ""));
                assertEquals(TestClient.End.CLEAN, leaving.awaitEnd(SOON));
                assertEquals(401, status(notifications, "/events?session=" + session, ""));
                posted(notifications, "/notify?user=ann", "still there");
                assertEquals("still there", staying.next().data());
            }
        }
    }

    // --- tokens ---

    private static String told(List<ParsedEvent> words) {
        return String.join("", words.stream().map(ParsedEvent::data).toList());
    }

    /** All events to the clean end of the stream. */
    private static List<ParsedEvent> rest(TestClient client) {
        assertEquals(TestClient.End.CLEAN, client.awaitEnd(SOON));
        assertEquals(List.of(), client.parser().violations());
        return client.drain();
    }

    @Test
    void anAnswerGoesOnInTheMiddleAndIsOverOnce() throws IOException {
        try (RunningExample tokens = RunningExample.start("tokens", server())) {
            String target = "/answer?id=" + posted(tokens, "/ask", "being or not being");
            List<ParsedEvent> words = new ArrayList<>();
            try (TestClient client = opened(tokens, target, "")) {
                words.addAll(client.next(2));
                client.cut();
            }
            try (TestClient again = opened(tokens, target, words.get(1).lastEventId())) {
                assertEquals("resumed", again.header("EventSource-Resume").orElseThrow());
                words.addAll(rest(again));
            }
            assertEquals("To being or not being there is no short answer.", told(words));
            assertEquals(204, status(tokens, target, words.get(words.size() - 1).lastEventId()));
            try (TestClient late = opened(tokens, target, "")) {
                assertEquals(words, rest(late), "who comes later is told from the beginning");
            }
            assertEquals(404, status(tokens, "/answer?id=x", ""));
            assertEquals(400, status(tokens, "/answer", ""));
        }
    }

    // --- prices ---

    private static String symbol(ParsedEvent price) {
        return price.data().replaceFirst("\\{\"symbol\": \"(\\w+)\".*", "$1");
    }

    @Test
    void whoComesLaterIsGivenTheNewestOfEachSymbolFirst() throws IOException {
        try (RunningExample prices = RunningExample.start("prices", server());
                TestClient early = opened(prices, "/", "")) {
            ParsedEvent quotedOnce = early.next();
            assertTrue(quotedOnce.data().contains("YEW"), quotedOnce.data());
            assertEquals("OAK is gone\n", posted(prices, "/delist?symbol=OAK", ""));
            ParsedEvent event = early.next();
            while (!event.type().equals("gone")) {
                event = early.next();
            }
            assertEquals("OAK", event.data());
            early.next(2); // of the others
            try (TestClient late = opened(prices, "/", "")) {
                List<ParsedEvent> first = late.next(3);
                assertEquals(quotedOnce, first.get(0), "the newest of its key, however old");
                assertEquals(Set.of("ASH", "ELM"), Set.of(symbol(first.get(1)), symbol(first.get(2))));
                List<String> live =
                        late.next(2).stream().map(ManyServersContract::symbol).toList();
                assertFalse(live.contains("OAK"), live.toString());
            }
            assertEquals("there is no such symbol\n", posted(prices, "/delist?symbol=FIR", ""));
        }
    }
}
