package eventsource.server.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.StreamRequest;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The origin of a page")
class OriginsTest {

    private static final String ALLOWED = "https://a.example";

    private final AtomicInteger asked = new AtomicInteger();
    private final EventSourceServer server =
            EventSourceServer.builder().executor(Runnable::run).build();
    private final HttpManners manners = counting()
            .allowedOrigins(ALLOWED, "https://b.example:8443")
            .allowCredentials()
            .build();

    /** Manners that count how often the application was asked what a request is for. */
    private HttpManners.Builder counting() {
        return HttpManners.builder(server).requests(request -> {
            asked.incrementAndGet();
            return CompletableFuture.completedStage(StreamRequest.own());
        });
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static void assertNoCors(Map<String, String> headers) {
        assertTrue(
                headers.keySet().stream().noneMatch(name -> name.startsWith("Access-Control")),
                () -> "a page that may not read is given CORS headers: " + headers);
    }

    @Test
    @DisplayName("CO-01 is named back if it is allowed, with credentials if they are")
    void allowedOriginsMayRead() {
        HttpAnswer answer = Ask.from(ALLOWED).answerOf(manners);
        assertEquals(200, answer.status());
        assertEquals(ALLOWED, answer.headers().get("Access-Control-Allow-Origin"));
        assertEquals("true", answer.headers().get("Access-Control-Allow-Credentials"));
        assertEquals("Origin", answer.headers().get("Vary"));
        assertEquals("EventSource-Resume", answer.headers().get("Access-Control-Expose-Headers"));
    }

    @Test
    @DisplayName("CO-01 gets no credentials unless they are allowed")
    void credentialsAreOptIn() {
        HttpManners plain = counting().allowedOrigins(ALLOWED).build();
        HttpAnswer answer = Ask.from(ALLOWED).answerOf(plain);
        assertEquals(ALLOWED, answer.headers().get("Access-Control-Allow-Origin"));
        assertNull(answer.headers().get("Access-Control-Allow-Credentials"));
    }

    @Test
    @DisplayName("CO-01 varies the response for clients without an origin, too, or a cache would mix them up")
    void absentOriginVaries() {
        HttpAnswer answer = Ask.get().answerOf(manners);
        assertEquals(200, answer.status());
        assertEquals("Origin", answer.headers().get("Vary"));
        assertNoCors(answer.headers());
    }

    @ParameterizedTest(name = "\"{0}\"")
    @DisplayName("CO-02 is refused if it is not allowed, before anything was done for it")
    @ValueSource(
            strings = {
                "https://evil.example",
                "null",
                "https://a.example.evil",
                "http://a.example",
                "https://A.example",
                "https://a.example:443",
                "https://a.example/",
                "https://a.example, https://evil.example",
                "https://evil.a.example",
                "*",
                "",
                "localhost:8080",
                "http://localhost:8081",
                "http://evil.example@localhost:8080",
            })
    void otherOriginsAreRefused(String origin) {
        for (String method : new String[] {"GET", "HEAD", "OPTIONS"}) {
            HttpAnswer.Whole answer = Ask.from(origin).method(method).wholeOf(manners);
            assertEquals(403, answer.status(), method + " from a foreign page has to be refused");
            assertNoCors(answer.headers());
            assertTrue(answer.body().contains("allowedOrigins"), "the refusal says what to change: " + answer.body());
        }
        assertEquals(0, asked.get(), "the application was asked on behalf of a foreign page");
    }

    @Test
    @DisplayName("CO-02 is refused by default, but for that of the server itself")
    void foreignOriginsAreRefusedByDefault() {
        HttpManners defaults = counting().build();
        assertEquals(403, Ask.from(ALLOWED).wholeOf(defaults).status());
        HttpAnswer own = Ask.from("http://localhost:8080").answerOf(defaults);
        assertEquals(200, own.status());
        assertNoCors(own.headers());
    }

    @Test
    @DisplayName("CO-03 cannot be any where credentials are allowed")
    void anyOriginWithCredentialsIsRefused() {
        var builder = HttpManners.builder(server).allowedOrigins("*").allowCredentials();
        assertThrows(IllegalArgumentException.class, builder::build);
        var reverse = HttpManners.builder(server).allowCredentials().allowedOrigins(ALLOWED, "*");
        assertThrows(IllegalArgumentException.class, reverse::build);
    }

    @Test
    @DisplayName("may be any without credentials")
    void anyOriginMayRead() {
        HttpManners open = counting().allowedOrigins("*").build();
        for (Ask ask : new Ask[] {Ask.from("https://whoever.example"), Ask.from("null"), Ask.get()}) {
            HttpAnswer answer = ask.answerOf(open);
            assertEquals(200, answer.status());
            assertEquals("*", answer.headers().get("Access-Control-Allow-Origin"));
            assertNull(answer.headers().get("Access-Control-Allow-Credentials"));
        }
    }

    @Test
    @DisplayName("CO-04 is answered a preflight, then may read")
    void preflights() {
        HttpAnswer.Whole answer = preflight(ALLOWED).wholeOf(manners);
        assertEquals(204, answer.status());
        assertEquals("", answer.body());
        assertEquals(ALLOWED, answer.headers().get("Access-Control-Allow-Origin"));
        assertEquals("true", answer.headers().get("Access-Control-Allow-Credentials"));
        String headers = answer.headers().get("Access-Control-Allow-Headers").toLowerCase(Locale.ROOT);
        assertTrue(headers.contains("last-event-id"), headers);
        assertTrue(headers.contains("authorization"), headers);
        assertTrue(answer.headers().get("Access-Control-Allow-Methods").contains("GET"));
        assertTrue(Integer.parseInt(answer.headers().get("Access-Control-Max-Age")) > 0);
        assertEquals(
                200,
                Ask.from(ALLOWED).with("Last-Event-ID", "7").answerOf(manners).status());
    }

    private static Ask preflight(String origin) {
        return Ask.from(origin)
                .method("OPTIONS")
                .with("Access-Control-Request-Method", "GET")
                .with("Access-Control-Request-Headers", "authorization,last-event-id");
    }

    @Test
    @DisplayName("CO-04 is no preflight's without its headers")
    void optionsWithoutPreflight() {
        HttpAnswer.Whole plain = Ask.get().method("OPTIONS").wholeOf(manners);
        assertEquals(204, plain.status());
        assertEquals("GET, HEAD, OPTIONS", plain.headers().get("Allow"));
        assertNoCors(plain.headers());

        HttpAnswer.Whole half = Ask.from(ALLOWED).method("OPTIONS").wholeOf(manners);
        assertEquals(204, half.status());
        assertFalse(half.headers().containsKey("Access-Control-Allow-Methods"));

        HttpAnswer.Whole own =
                preflight("http://localhost:8080").wholeOf(counting().build());
        assertEquals(204, own.status(), "a page of the server itself needs no CORS");
        assertNoCors(own.headers());
        assertEquals(0, asked.get());
    }

    @Test
    @DisplayName("CO-04 is asked by a preflight that has no opinion on event streams")
    void preflightsIgnoreAccept() {
        assertEquals(
                204,
                preflight(ALLOWED).with("Accept", "image/png").wholeOf(manners).status());
    }

    @ParameterizedTest(name = "\"{0}\"")
    @DisplayName("can be allowed only as browsers write it")
    @ValueSource(
            strings = {
                "",
                "a.example",
                "https://",
                "https://A.example",
                "https://a.example/",
                "https://a.example/x",
                "https://u@a.example",
                "https://a.example\r\nX: y",
                "null",
            })
    void onlyOriginsCanBeAllowed(String origin) {
        var builder = HttpManners.builder(server);
        assertThrows(IllegalArgumentException.class, () -> builder.allowedOrigins(origin));
    }

    @Test
    @DisplayName("IN-06 is never repeated in a header unless it is, letter by letter, an allowed one")
    void originsDoNotSplitResponses() {
        String split = ALLOWED + "\r\nSet-Cookie: a=b";
        HttpAnswer.Whole answer = Ask.from(split).wholeOf(manners);
        assertEquals(403, answer.status());
        assertTrue(
                answer.headers().values().stream().noneMatch(value -> value.contains("Cookie")),
                () -> "the origin got into the headers: " + answer.headers());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site"})
    @DisplayName("of a foreign page's image or script is not named, and causes no stream either")
    void foreignPagesCauseNoStream(String site) {
        Ask image = Ask.get().with("Sec-Fetch-Site", site).with("Sec-Fetch-Mode", "no-cors");
        assertEquals(403, image.wholeOf(manners).status());
        assertEquals(0, asked.get());
        assertEquals(
                200, image.with("Sec-Fetch-Dest", "document").answerOf(manners).status(), "a link to here");
        assertEquals(
                403, image.with("Sec-Fetch-Dest", "iframe").answerOf(manners).status(), "a frame in a foreign page");
        assertEquals(
                200,
                image.answerOf(HttpManners.builder(server).allowedOrigins("*").build())
                        .status(),
                "where any page may read");
    }

    @Test
    @DisplayName("of our own page may ask in any way")
    void ownPagesMayAsk() {
        for (String site : new String[] {"same-origin", "none"}) {
            assertEquals(
                    200,
                    Ask.get().with("Sec-Fetch-Site", site).answerOf(manners).status());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://*.example.com",
                "https://b.example.com:443",
                "http://b.example.com:80",
                "b.example.com",
                "https://b.example.com/",
                "https://B.example.com",
                "null",
                "",
                "https://u@b.example.com"
            })
    @DisplayName("is rejected where it could never match")
    void originsThatNeverMatchAreRejected(String origin) {
        var builder = HttpManners.builder(server);
        String message = assertThrows(IllegalArgumentException.class, () -> builder.allowedOrigins(origin))
                .getMessage();
        assertTrue(message.contains("https://www.example.com"), message);
    }

    @Test
    @DisplayName("has to be named for credentials to make sense")
    void credentialsNeedAnOrigin() {
        var builder = HttpManners.builder(server).allowCredentials();
        assertTrue(assertThrows(IllegalArgumentException.class, builder::build)
                .getMessage()
                .contains("allowedOrigins"));
    }
}
