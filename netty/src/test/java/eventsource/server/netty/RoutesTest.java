package eventsource.server.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.StreamRequest;
import eventsource.server.parser.TestClient;
import eventsource.server.spi.HttpAnswer;
import eventsource.server.spi.HttpManners;
import eventsource.server.spi.HttpRefusal;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The routes of the Netty server")
class RoutesTest extends Served {

    private static CompletionStage<HttpAnswer.Whole> text(int status, String text) {
        return CompletableFuture.completedStage(
                new HttpAnswer.Whole(status, Map.of("Content-Type", "text/plain; charset=utf-8"), text));
    }

    @Test
    @DisplayName("one line serves a stream at every path")
    void oneLine() throws Exception {
        try (EventSourceNetty http = EventSourceNetty.listen(0, events);
                TestClient client = TestClient.get(http.port(), "/any/where?x=1")
                        .timeout(SOON)
                        .open()) {
            assertEquals(200, client.status());
            events.emit("one");
            assertEquals("one", client.next().data());
            assertEquals(1, http.streams());
        }
    }

    @Test
    @DisplayName("the longest path that fits counts, and where none does the answer is 404")
    void severalServers() throws Exception {
        EventSourceServer news = EventSourceServer.create();
        EventSourceServer sport = EventSourceServer.create();
        serve(EventSourceNetty.builder()
                .route("/news", news)
                .route("/news/*", events)
                .route("/news/sport/*", sport));
        TestClient exact = openStream("/news");
        TestClient below = openStream("/news/today/late");
        TestClient deeper = openStream("/news/sport/chess");
        events.emit("below");
        sport.emit("deeper");
        news.emit("exact");
        assertEquals("exact", exact.next().data());
        assertEquals("below", below.next().data());
        assertEquals("deeper", deeper.next().data());
        TestClient nowhere = open(get("/newsletter"));
        assertEquals(404, nowhere.status());
        nowhere.send(get("/"));
        assertEquals(404, nowhere.status());
        news.close();
        sport.close();
    }

    @Test
    @DisplayName("a function chooses the event source server, later, or refuses")
    void chosenServers() throws Exception {
        CompletableFuture<HttpManners> later = new CompletableFuture<>();
        serve(EventSourceNetty.builder().route("/*", request -> {
            if (request.path().equals("/forbidden")) {
                throw new HttpRefusal(403, "not for you");
            }
            return later;
        }));
        TestClient refused = open(get("/forbidden"));
        assertEquals(403, refused.status());
        assertEquals("not for you\n", refused.bodyText());
        CompletableFuture<TestClient> client =
                CompletableFuture.supplyAsync(() -> openStream("/"), task -> new Thread(task).start());
        later.complete(HttpManners.of(events));
        events.emit("early"); // perhaps before the stream was opened
        TestClient opened = client.get();
        events.emit("one");
        String first = opened.next().data();
        assertTrue(first.equals("one") || first.equals("early"));
    }

    @Test
    @DisplayName("a page, a place to post to and a stream share a path, and a connection")
    void handlers() throws Exception {
        serve(EventSourceNetty.builder()
                .route("/", events)
                .handle("/", "GET, HEAD, POST", (request, body) -> {
                    if (request.method().equals("POST")) {
                        return events.emit(new String(body, StandardCharsets.UTF_8))
                                .thenCompose(id -> text(202, id));
                    }
                    return text(200, "<p>page");
                })
                .handle("/health", "GET, HEAD", (request, body) -> text(200, "ok")));
        TestClient stream = openStream("/");
        TestClient client = open(get("/").header("Accept", "text/html"));
        assertEquals("<p>page", client.bodyText());
        client.send(get("/").method("POST").body("hello".getBytes(StandardCharsets.UTF_8)));
        assertEquals(202, client.status());
        assertEquals("hello", stream.next().data());
        client.send(get("/health").method("HEAD"));
        assertEquals(200, client.status());
        assertEquals(Optional.of("2"), client.header("Content-Length"));
        client.send(get("/health").method("DELETE"));
        assertEquals(405, client.status());
        client.send(get("/health").header("Origin", "https://evil.example"));
        assertEquals(403, client.status(), "manners hold for handlers, too");
    }

    @Test
    @DisplayName("CO-01 CO-04 pages of allowed origins may ask handlers and read what they answer, be it a failure")
    void crossOrigin() throws Exception {
        String page = "https://www.example.com";
        serve(EventSourceNetty.builder()
                .manners(options -> options.allowedOrigins(page))
                .route("/events", events)
                .handle("/events", "PUT", (request, body) -> {
                    throw new IllegalArgumentException("bad");
                })
                .handle("/health", "GET, HEAD", (request, body) -> text(200, "ok")));
        TestClient client = open(get("/health").header("Origin", page));
        assertEquals(200, client.status());
        assertEquals(Optional.of(page), client.header("Access-Control-Allow-Origin"));
        client.send(
                get("/events").method("OPTIONS").header("Origin", page).header("Access-Control-Request-Method", "PUT"));
        assertEquals(204, client.status());
        assertEquals(Optional.of("PUT"), client.header("Access-Control-Allow-Methods"));
        client.send(get("/events").method("PUT").header("Origin", page));
        assertEquals(400, client.status());
        assertEquals(Optional.of(page), client.header("Access-Control-Allow-Origin"));
        client.send(
                get("/events").method("OPTIONS").header("Origin", page).header("Access-Control-Request-Method", "GET"));
        assertEquals(Optional.of("GET, HEAD, OPTIONS"), client.header("Access-Control-Allow-Methods"));
    }

    @Test
    @DisplayName("what a handler throws is an answer: a refusal its status, a bad argument 400, anything else 500")
    void handlersThatFail() throws Exception {
        serve(EventSourceNetty.builder()
                .handle("/refuses", "GET", (request, body) -> CompletableFuture.failedStage(new HttpRefusal(451, "no")))
                .handle("/rejects", "GET", (request, body) -> {
                    throw new IllegalArgumentException("bad");
                })
                .handle("/fails", "GET", (request, body) -> CompletableFuture.failedStage(new OutOfMemoryError("x")))
                .handle("/null", "GET", (request, body) -> CompletableFuture.completedStage(null))
                .handle(
                        "/splits",
                        "GET",
                        (request, body) -> CompletableFuture.completedStage(
                                new HttpAnswer.Whole(200, Map.of("X", "a\r\nY: b"), ""))));
        TestClient client = open(get("/refuses"));
        assertEquals(451, client.status());
        client.send(get("/rejects"));
        assertEquals(400, client.status());
        assertEquals("bad\n", client.bodyText());
        for (String path : new String[] {"/fails", "/null", "/splits"}) {
            client.send(get(path));
            assertEquals(500, client.status(), path);
            assertEquals(Optional.empty(), client.header("Y"), "a header of the application's was split");
        }
    }

    @Test
    @DisplayName("options that cannot be are refused, with what to change")
    void optionsThatCannotBe() {
        EventSourceNettyBuilder builder = EventSourceNetty.builder();
        assertThrows(IllegalStateException.class, builder::start, "nothing is served");
        assertThrows(IllegalArgumentException.class, () -> builder.port(-1));
        assertThrows(IllegalArgumentException.class, () -> builder.eventLoops(0));
        assertThrows(
                IllegalArgumentException.class,
                () -> EventSourceNetty.builder().route("events", events).start());
        assertThrows(
                IllegalArgumentException.class,
                () -> EventSourceNetty.builder()
                        .route("/a", events)
                        .route("/a", events)
                        .start());
        assertThrows(IllegalArgumentException.class, () -> Limits.defaults().trustedProxies("10.0.0.0/33"));
        assertThrows(IllegalArgumentException.class, () -> Limits.defaults().trustedProxies("proxy.example"));
    }

    @Test
    @DisplayName("a port that is taken is said to be")
    void takenPort() throws Exception {
        int taken = serve(Limits.defaults()).port();
        Exception failure = assertThrows(BindException.class, () -> EventSourceNetty.listen(taken, events));
        assertTrue(failure.getMessage().contains("127.0.0.1:" + taken), failure::getMessage);
    }

    @Test
    @DisplayName("who accepts HTML is given the stream where the handler of the path does not serve GET")
    void handlersOfOtherMethods() throws Exception {
        serve(EventSourceNetty.builder()
                .route("/events", events)
                .handle("/events", "POST", (request, body) -> text(202, "taken")));
        TestClient client = open(get("/events").header("Accept", "text/html, text/event-stream"));
        assertEquals(200, client.status());
        assertEquals(202, open(get("/events").method("POST")).status());
    }

    @Test
    @DisplayName("a star stands at the end of a path only")
    void starsElsewhere() {
        for (String path : List.of("/foo*", "/*/x", "/a/*/*")) {
            EventSourceNettyBuilder options = EventSourceNetty.builder().route(path, events);
            assertThrows(IllegalArgumentException.class, options::start, path);
        }
        assertThrows(IllegalArgumentException.class, () -> Limits.defaults().trustedProxies("10.0.0.0/-0"));
    }

    @Test
    @DisplayName(
            "a stop does not wait beyond its deadline for an application that does not answer, and can be repeated")
    void stopWithoutAnswers() throws Exception {
        CompletableFuture<HttpManners> never = new CompletableFuture<>();
        HttpManners hanging = HttpManners.builder(events)
                .requests(request -> never.thenApply(any -> StreamRequest.own()))
                .build();
        EventSourceNetty http = serve(EventSourceNetty.builder().route("/*", hanging));
        write(connect(), "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await("the request to come in", () -> http.streams() == 1);
        assertEquals(0, http.stop(Duration.ofMillis(200)).toCompletableFuture().get(60, TimeUnit.SECONDS));
        assertEquals(0, http.stop(Duration.ofDays(1)).toCompletableFuture().get(60, TimeUnit.SECONDS));
    }

    @Test
    @DisplayName("a stop that is overtaken by a close comes to its end, also where the application never answers")
    void stopThenClose() throws Exception {
        CompletableFuture<HttpManners> never = new CompletableFuture<>();
        EventSourceNetty http = serve(EventSourceNetty.builder()
                .route(
                        "/*",
                        HttpManners.builder(events)
                                .requests(request -> never.thenApply(any -> StreamRequest.own()))
                                .build()));
        write(connect(), "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await("the request to come in", () -> http.streams() == 1);
        CompletionStage<Integer> stopped = http.stop(Duration.ofHours(1));
        http.close();
        assertEquals(0, stopped.toCompletableFuture().get(60, TimeUnit.SECONDS));
    }

    @Test
    @DisplayName("CO-02 where any origin may read, a page of any gets a stream, which counts like every other")
    void anyOriginGetsStreams() throws Exception {
        EventSourceNetty http = serve(EventSourceNetty.builder()
                .manners(options -> options.allowedOrigins("*"))
                .limits(Limits.defaults().streams(1))
                .route("/*", events));
        TestClient client = open(get("/").header("Origin", "https://whoever.example"));
        assertEquals(200, client.status());
        assertEquals(Optional.of("*"), client.header("Access-Control-Allow-Origin"));
        events.emit("one");
        assertEquals("one", client.next().data());
        assertEquals(1, http.streams());
        assertEquals(421, open(get("/").header("Host", "evil.example")).status(), "also where there is no room");
    }
}
