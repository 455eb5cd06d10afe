package eventsource.server.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.parser.EventStreamParser;
import eventsource.server.spi.HttpManners.Overload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("HTTP manners")
class HttpMannersTest {

    /** There is room for one stream, so that a second one shows whether another request has opened one. */
    private final EventSourceServer server = EventSourceServer.builder()
            .maxStreams(1)
            .retryWhenRefused(Duration.ofMillis(5_500), Duration.ofMillis(6_000))
            .executor(Runnable::run)
            .build();

    private final HttpManners manners = HttpManners.of(server);

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpManners with(Overload overload) {
        return HttpManners.builder(server).overload(overload).build();
    }

    @Test
    @DisplayName("HT-01 give a stream its headers")
    void streams() {
        HttpAnswer answer = Ask.get().answerOf(manners);
        assertInstanceOf(HttpAnswer.Streaming.class, answer);
        assertEquals(200, answer.status());
        assertEquals(
                Map.of(
                        "Content-Type", "text/event-stream",
                        "Cache-Control", "no-store, no-transform",
                        "X-Accel-Buffering", "no",
                        "X-Content-Type-Options", "nosniff",
                        "EventSource-Resume", "live"),
                answer.headers());
    }

    @Test
    @DisplayName("HT-04 answer HEAD with the headers of a stream, and open none")
    void head() {
        HttpAnswer.Whole answer = Ask.get().method("HEAD").wholeOf(manners);
        assertEquals(200, answer.status());
        assertEquals("", answer.body());
        assertEquals(EventSourceServer.headers(), answer.headers());
        assertEquals(
                406,
                Ask.get()
                        .method("HEAD")
                        .with("Accept", "image/png")
                        .wholeOf(manners)
                        .status());
        Ask.get().streamOf(with(Overload.STATUS)); // there still is room
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("HT-05 answer 405 to methods that are not served, and name those that are")
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "TRACE", "get", "GET,", "", "GET, HEAD"})
    void otherMethods(String method) {
        HttpAnswer.Whole answer = Ask.get().method(method).wholeOf(manners);
        assertEquals(405, answer.status());
        assertEquals("GET, HEAD, OPTIONS", answer.headers().get("Allow"));
    }

    @Test
    @DisplayName("HT-05 answer 405 on other paths of an application with the methods of those")
    void otherMethodsOfOtherPaths() {
        HttpAnswer.Whole refusal = manners.guard(Ask.get().method("GET").request(), "POST");
        assertEquals(405, refusal.status());
        assertEquals("POST", refusal.headers().get("Allow"));
    }

    @Test
    @DisplayName("CO-04 answer a preflight on other paths of an application with the methods of those")
    void preflightsOfOtherPaths() {
        HttpManners open = HttpManners.builder(server)
                .allowedOrigins("https://www.example.com")
                .build();
        Ask preflight =
                Ask.from("https://www.example.com").method("OPTIONS").with("Access-Control-Request-Method", "PUT");
        HttpAnswer.Whole answer = open.guard(preflight.request(), "PUT, POST");
        assertEquals(204, answer.status());
        assertEquals("PUT, POST", answer.headers().get("Allow"));
        assertEquals("PUT, POST", answer.headers().get("Access-Control-Allow-Methods"));
        assertTrue(answer.headers().get("Access-Control-Allow-Headers").contains("Content-Type"));
    }

    @Test
    @DisplayName("CO-02 let pages of any origin read streams, and nothing else")
    void anyOriginIsForStreams() {
        HttpManners open = HttpManners.builder(server).allowedOrigins("*").build();
        HttpAnswer.Whole own = new HttpAnswer.Whole(200, Map.of(), "hello");
        Ask foreign = Ask.from("https://evil.example");
        assertEquals(200, foreign.answerOf(open).status());
        assertEquals(403, open.guard(foreign.method("POST").request(), "POST").status());
        assertEquals(
                403,
                open.guard(
                                foreign.method("OPTIONS")
                                        .with("Access-Control-Request-Method", "DELETE")
                                        .request(),
                                "DELETE")
                        .status());
        assertFalse(open.readable(foreign.request(), own).headers().containsKey("Access-Control-Allow-Origin"));
        assertNull(open.guard(Ask.get().method("POST").request(), "POST"), "no page asks");
    }

    @Test
    @DisplayName("CO-01 leave it to the application who reads what, where it says so")
    void ownHeaders() {
        HttpManners open = HttpManners.builder(server)
                .allowedOrigins("https://www.example.com")
                .build();
        HttpAnswer.Whole own =
                new HttpAnswer.Whole(200, Map.of("access-control-allow-origin", "https://other.example"), "hello");
        assertEquals(own, open.readable(Ask.from("https://www.example.com").request(), own));
        HttpAnswer.Whole exposing = new HttpAnswer.Whole(200, Map.of("Access-Control-Expose-Headers", "ETag"), "");
        assertEquals(
                "ETag, EventSource-Resume",
                open.readable(Ask.from("https://www.example.com").request(), exposing)
                        .headers()
                        .get("Access-Control-Expose-Headers"));
        assertNull(open.guard(Ask.get().method("OPTIONS").request(), "GET, OPTIONS"), "who serves it is asked");
    }

    @Test
    @DisplayName("CO-01 let pages of allowed origins read what the application answers")
    void answersOfTheApplication() {
        HttpManners open = HttpManners.builder(server)
                .allowedOrigins("https://www.example.com")
                .build();
        HttpAnswer.Whole own = new HttpAnswer.Whole(200, Map.of("Vary", "Accept"), "hello");
        HttpAnswer.Whole allowed =
                open.readable(Ask.from("https://www.example.com").request(), own);
        assertEquals("https://www.example.com", allowed.headers().get("Access-Control-Allow-Origin"));
        assertEquals("Accept, Origin", allowed.headers().get("Vary"));
        assertEquals("hello", allowed.body());
        HttpAnswer.Whole foreign =
                open.readable(Ask.from("https://evil.example").request(), own);
        assertFalse(foreign.headers().containsKey("Access-Control-Allow-Origin"));
        assertEquals(own, manners.readable(Ask.get().request(), own));
    }

    @Test
    @DisplayName("CO-07 refuse in plain text that no browser takes for anything else, and repeat nothing")
    void refusals() {
        String mark = "<script>x</script>";
        List<Ask> refused = List.of(
                Ask.get().host(mark),
                Ask.from(mark),
                Ask.get().method(mark),
                Ask.get().with("Accept", mark),
                Ask.get("/" + mark + "?lastEventId=%" + mark));
        for (Ask ask : refused) {
            HttpAnswer.Whole answer = ask.wholeOf(manners);
            assertTrue(answer.status() >= 400, answer::toString);
            assertEquals("text/plain; charset=utf-8", answer.headers().get("Content-Type"));
            assertEquals("nosniff", answer.headers().get("X-Content-Type-Options"));
            assertEquals("no-store", answer.headers().get("Cache-Control"));
            assertFalse(answer.toString().contains("script"), () -> "the answer repeats what was sent: " + answer);
            assertTrue(answer.body().endsWith(".\n"), answer::body);
        }
    }

    @Test
    @DisplayName("OV-01 tell a client without room when to come back, in a stream that ends")
    void overloadAsStream() {
        Ask.get().streamOf(manners);
        assertComesBack(Ask.get().wholeOf(manners));
        assertComesBack(assertInstanceOf(
                HttpAnswer.Whole.class, manners.overloaded(Ask.get().request(), "no threads")));
    }

    private static void assertComesBack(HttpAnswer.Whole answer) {
        assertEquals(200, answer.status(), "after any other status a browser never comes back");
        assertEquals(EventSourceServer.headers(), answer.headers());
        EventStreamParser parser = new EventStreamParser();
        parser.feed(answer.body().getBytes(StandardCharsets.UTF_8));
        parser.end();
        assertEquals(List.of(), parser.events());
        assertEquals(List.of(), parser.violations());
        long retry = parser.retryMillis().orElseThrow();
        assertTrue(retry >= 5_500 && retry <= 6_000, () -> "retry " + retry + " is not between the bounds");
    }

    @Test
    @DisplayName("OV-01 answer 503 to a client without room, where statuses are preferred")
    void overloadAsStatus() {
        HttpManners statuses = with(Overload.STATUS);
        Ask.get().streamOf(statuses);
        for (HttpAnswer answer : List.of(
                Ask.get().answerOf(statuses), statuses.overloaded(Ask.get().request(), "no threads"))) {
            assertEquals(503, answer.status());
            assertEquals("6", answer.headers().get("Retry-After"), "whole seconds, and never too early");
            assertEquals("nosniff", answer.headers().get("X-Content-Type-Options"));
        }
    }

    @Test
    @DisplayName("OV-01 let pages read that there is no room")
    void overloadAcrossOrigins() {
        HttpManners manners =
                HttpManners.builder(server).allowedOrigins("https://a.example").build();
        Ask.get().streamOf(manners);
        assertEquals(
                "https://a.example",
                Ask.from("https://a.example").wholeOf(manners).headers().get("Access-Control-Allow-Origin"),
                "without it, a browser gives up instead of coming back");
    }

    @Test
    @DisplayName("OV-01 give the room that a stream has left to the next client")
    void roomReturns() {
        Ask.get().streamOf(manners).end();
        Ask.get().streamOf(manners);
    }

    @ParameterizedTest
    @DisplayName("of a server that was stopped ask clients to come back, and claim nothing that is not so")
    @EnumSource(Overload.class)
    void stoppedServer(Overload overload) {
        server.stop();
        HttpAnswer.Whole answer = Ask.get().wholeOf(with(overload));
        if (overload == Overload.STREAM) {
            assertComesBack(answer);
        } else {
            assertEquals(503, answer.status());
            assertEquals("6", answer.headers().get("Retry-After"));
            assertFalse(answer.body().contains("too many"), answer::body);
        }
        assertEquals(200, Ask.get().method("HEAD").wholeOf(manners).status());
    }

    @Test
    @DisplayName("SD-03 give a stream that was answered before stop, and is read only after it, all that was emitted")
    void stopBeforeTheBodyIsRead() {
        EventStream stream = Ask.get().streamOf(manners);
        server.emit("one");
        server.stop();
        assertEquals(List.of("one"), ReadStream.of(stream).data(), "promise 7: after what was emitted");
    }
}
