package eventsource.server.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.parser.TestClient;
import eventsource.server.parser.TestRequest;
import eventsource.server.spi.HttpManners.Overload;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** That requests are answered as HTTP manners say, and connections survive it. */
@Proves(Proves.HTTP)
abstract class HttpContract extends WireContract {

    private static final String ORIGIN = "https://a.example";

    /** A server with room for one stream, so that a stream shows that no other request has opened one. */
    private EventSourceServer serveOne(Overload overload) {
        return serve(
                options -> options.maxStreams(1),
                manners -> manners.overload(overload).allowedOrigins(ORIGIN).allowCredentials());
    }

    private static void assertNoCors(TestClient client) {
        assertTrue(
                client.headers().keySet().stream()
                        .noneMatch(name -> name.regionMatches(true, 0, "Access-Control", 0, 14)),
                () -> "a page that may not read is given CORS headers: " + client.headers());
    }

    @Test
    @DisplayName(
            "HT-03 the head of a stream has all its headers, each once, and none that would make it something else")
    void head() {
        serve();
        TestClient client = openStream();
        assertEquals(Optional.of("text/event-stream"), client.header("Content-Type"));
        assertEquals(Optional.of("no-store, no-transform"), client.header("Cache-Control"));
        assertEquals(Optional.of("no"), client.header("X-Accel-Buffering"));
        assertEquals(Optional.of("nosniff"), client.header("X-Content-Type-Options"));
        assertEquals(Optional.of("live"), client.header("EventSource-Resume"));
        assertEquals(Optional.of("chunked"), client.header("Transfer-Encoding"));
        for (String name : List.of("Content-Length", "Content-Encoding", "ETag", "Last-Modified", "Expires")) {
            assertEquals(Optional.empty(), client.header(name), name + " does not belong to a stream");
        }
    }

    @Test
    @DisplayName("HT-01 every Accept that includes an event stream gets one, and so does none")
    void acceptedStreams() {
        EventSourceServer server = serve();
        for (String accept : List.of("text/event-stream", "*/*", "text/event-stream, application/json;q=0.5")) {
            openStream(get("/").header("Accept", accept));
        }
        TestClient without = openStream();
        server.emit("one");
        assertEquals("one", without.next().data());
    }

    @Test
    @DisplayName("HT-02 an Accept that rules event streams out is answered 406, and the connection stays usable")
    void unacceptableStreams() {
        EventSourceServer server = serveOne(Overload.STATUS);
        TestClient client = open(get("/").header("Accept", "application/json"));
        assertEquals(406, client.status());
        assertEquals(
                Optional.of("text/plain;charset=utf-8"),
                client.header("Content-Type")
                        .map(type -> type.toLowerCase(Locale.ROOT).replace(" ", "")));
        assertServedOnSameConnection(client, server);
    }

    private void assertServedOnSameConnection(TestClient client, EventSourceServer server) {
        client.send(get("/"));
        assertEquals(200, client.status(), "the request before must not have taken a stream");
        server.emit("next");
        assertEquals("next", client.next().data(), "the connection should be usable after the request before");
    }

    @Test
    @DisplayName("HT-04 HEAD is answered the head alone, opens no stream, and the connection stays usable")
    void headRequest() {
        EventSourceServer server = serveOne(Overload.STATUS);
        TestClient client = open(get("/").method("HEAD"));
        assertEquals(200, client.status());
        assertEquals(Optional.of("text/event-stream"), client.header("Content-Type"));
        assertEquals(Optional.of("no-store, no-transform"), client.header("Cache-Control"));
        client.send(get("/").method("HEAD"));
        assertServedOnSameConnection(client, server);
    }

    @Test
    @DisplayName("HT-05 other methods are answered 405 and what is served, and the connection stays usable")
    void otherMethods() {
        EventSourceServer server = serveOne(Overload.STATUS);
        byte[] body = "a=b".getBytes(StandardCharsets.UTF_8);
        TestClient client = open(get("/").method("DELETE"));
        assertEquals(405, client.status());
        for (String method : List.of("POST", "PUT")) {
            client.send(get("/").method(method).body(body));
            assertEquals(405, client.status(), method + " is not served");
            assertEquals(Optional.of("GET, HEAD, OPTIONS"), client.header("Allow"));
        }
        assertServedOnSameConnection(client, server);
    }

    @Test
    @DisplayName("HT-06 a client that takes compressed responses is still sent events as they are, at once")
    void noCompression() {
        EventSourceServer server = serve();
        TestClient client = openStream(get("/").header("Accept-Encoding", "gzip, br"));
        assertEquals(Optional.empty(), client.header("Content-Encoding"));
        server.emit("plain");
        assertEquals("plain", client.next().data());
    }

    @Test
    @DisplayName("HT-07 unusual requests are answered, one way or the other")
    void unusualRequests() {
        EventSourceServer server = serve();
        TestClient absolute = openStream(get("http://localhost:" + port() + "/?" + TOPIC + "=a"));
        server.emit(Event.of("for a"), "a");
        assertEquals("for a", absolute.next().data(), "the query of an absolute target counts");

        byte[] body = "a=b".getBytes(StandardCharsets.UTF_8);
        String padding = "x".repeat(8 << 10);
        for (TestRequest request : List.of(
                get("/?p=" + padding),
                get("/").header("X-Padding", padding + padding),
                get("/").body(body),
                get("/").body(body).header("Expect", "100-continue"),
                get("/").withoutHost().http10())) {
            int status = open(request).status();
            assertTrue(status == 200 || (status >= 400 && status < 500), () -> "answered " + status);
        }
    }

    @Test
    @DisplayName("CO-01 a page of an allowed origin may read, with credentials")
    void allowedOrigin() {
        serveOne(Overload.STATUS);
        TestClient client = openStream(get("/").header("Origin", ORIGIN));
        assertEquals(Optional.of(ORIGIN), client.header("Access-Control-Allow-Origin"));
        assertEquals(Optional.of("true"), client.header("Access-Control-Allow-Credentials"));
        assertEquals(Optional.of("EventSource-Resume"), client.header("Access-Control-Expose-Headers"));
        assertEquals(Optional.of("Origin"), client.header("Vary"));
    }

    @Test
    @DisplayName("CO-02 a page of any other origin is refused before anything is done for it")
    void otherOrigins() {
        EventSourceServer server = serveOne(Overload.STATUS);
        TestClient client = open(get("/").header("Origin", "https://evil.example"));
        assertEquals(403, client.status(), "a page of another origin was let in");
        assertNoCors(client);
        for (String origin : List.of("null", "https://a.example.evil", "http://a.example", "https://A.example")) {
            client.send(get("/").header("Origin", origin));
            assertEquals(403, client.status(), () -> "a page of " + origin + " was let in");
            assertNoCors(client);
        }
        assertServedOnSameConnection(client, server);
    }

    @Test
    @DisplayName("CO-04 a preflight is answered, and then the request that it was for")
    void preflight() {
        EventSourceServer server = serveOne(Overload.STATUS);
        TestClient client = open(get("/").method("OPTIONS")
                .header("Origin", ORIGIN)
                .header("Access-Control-Request-Method", "GET")
                .header("Access-Control-Request-Headers", "authorization,last-event-id"));
        assertEquals(204, client.status());
        assertEquals(Optional.of(ORIGIN), client.header("Access-Control-Allow-Origin"));
        assertTrue(client.header("Access-Control-Allow-Headers").orElse("").contains("Last-Event-ID"));
        assertTrue(client.header("Access-Control-Max-Age").isPresent());
        client.send(get("/").header("Origin", ORIGIN).header("Last-Event-ID", "x"));
        assertEquals(200, client.status());
        assertEquals(Optional.of(ORIGIN), client.header("Access-Control-Allow-Origin"));
        server.emit("next");
        assertEquals("next", client.next().data());
    }

    @Test
    @DisplayName(
            "CO-06 on loopback only loopback names are served, or pages of foreign sites could get in by their own")
    void foreignHosts() {
        serve();
        for (String host : List.of("evil.example", "127.0.0.1.nip.io", "localhost.evil.example:" + port())) {
            TestClient client = open(get("/").header("Host", host));
            assertEquals(421, client.status(), () -> "the name " + host + " was let in");
        }
        for (String host : List.of("localhost:" + port(), "127.0.0.1", "[::1]:" + port(), "LOCALHOST")) {
            openStream(get("/").header("Host", host));
        }
    }

    @Test
    @Proves(Proves.BOUNDED)
    @DisplayName("OV-01 a client without room is told when to come back, in a stream that ends")
    void overloadAsStream() {
        EventSourceServer server = serveOne(Overload.STREAM);
        TestClient first = openStream();
        TestClient second = open(get("/"));
        assertEquals(200, second.status(), "after any other status a browser never comes back");
        assertEquals(Optional.of("text/event-stream"), second.header("Content-Type"));
        assertEquals(TestClient.End.CLEAN, second.awaitEnd(soon()));
        assertEquals(List.of(), second.drain());
        long retry = second.parser().retryMillis().orElseThrow();
        assertTrue(retry >= 5_000 && retry <= 15_000, () -> "told to come back after " + retry + " ms");
        server.emit("next");
        assertEquals("next", first.next().data(), "a refusal must not disturb whoever has a stream");
    }

    @Test
    @Proves(Proves.BOUNDED)
    @DisplayName("OV-01 a client without room is answered 503, where statuses are preferred")
    void overloadAsStatus() {
        serveOne(Overload.STATUS);
        openStream();
        TestClient second = open(get("/"));
        assertEquals(503, second.status());
        long seconds = Long.parseLong(second.header("Retry-After").orElseThrow());
        assertTrue(seconds >= 5 && seconds <= 15, () -> "told to come back after " + seconds + " s");
        boolean kept =
                second.header("Connection").filter("close"::equalsIgnoreCase).isEmpty(); // some hosts close it
        TestClient again = kept ? second.send(get("/")) : open(get("/"));
        assertEquals(503, again.status(), "the connection should be usable after a refusal, or be closed");
    }
}
