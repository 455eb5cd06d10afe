package eventsource.server.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.StreamRequest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The function that says what a request is for")
class RequestFunctionTest {

    private final EventSourceServer server =
            EventSourceServer.builder().maxStreams(1).executor(Runnable::run).build();

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpManners with(Function<HttpRequest, CompletionStage<StreamRequest>> function) {
        return HttpManners.builder(server).requests(function).build();
    }

    private HttpManners failingWith(Throwable failure) {
        return with(request -> CompletableFuture.failedStage(failure));
    }

    private HttpManners throwing(Throwable failure) {
        return with(request -> {
            sneak(RuntimeException.class, failure);
            return null;
        });
    }

    /** As code in other languages, or with generated methods, throws what it did not declare. */
    @SuppressWarnings({"unchecked", "UnusedVariable"}) // the class only says what the compiler shall believe
    private static <T extends Throwable> void sneak(Class<T> as, Throwable failure) throws T {
        throw (T) failure;
    }

    private static void assertRefused(int status, String body, HttpManners manners) {
        HttpAnswer.Whole answer = Ask.get().wholeOf(manners);
        assertEquals(status, answer.status());
        assertEquals(body + "\n", answer.body());
        assertEquals("text/plain; charset=utf-8", answer.headers().get("Content-Type"));
    }

    @Test
    @DisplayName("may take its time")
    void takesItsTime() {
        CompletableFuture<StreamRequest> wanted = new CompletableFuture<>();
        CompletableFuture<HttpAnswer> answer =
                with(request -> wanted).answer(Ask.get().request()).toCompletableFuture();
        assertFalse(answer.isDone());
        wanted.complete(StreamRequest.of("a"));
        ReadStream read = ReadStream.of(assertInstanceOf(HttpAnswer.Streaming.class, answer.join()).stream());
        server.emit(Event.of("for a"), "a");
        assertEquals(List.of("for a"), read.data());
    }

    @Test
    @DisplayName("may refuse with a status of its own")
    void refusal() {
        HttpRefusal refusal = new HttpRefusal(401, "Log in first.");
        assertRefused(401, "Log in first.", failingWith(refusal));
        assertRefused(401, "Log in first.", failingWith(new CompletionException(refusal)));
        assertRefused(401, "Log in first.", throwing(refusal));
        assertRefused(
                401,
                "Log in first.",
                with(request -> CompletableFuture.<StreamRequest>failedFuture(refusal)
                        .thenApply(wanted -> wanted)
                        .thenCompose(CompletableFuture::completedStage)));
        assertThrows(IllegalArgumentException.class, () -> new HttpRefusal(200, "x"));
        assertThrows(IllegalArgumentException.class, () -> new HttpRefusal(600, "x"));
    }

    @Test
    @DisplayName("may call a request bad")
    void badRequest() {
        IllegalArgumentException bad = new IllegalArgumentException("room is missing; add ?room=");
        String body = "This is not a request for a stream: room is missing; add ?room=.";
        assertRefused(400, body, failingWith(bad));
        assertRefused(400, body, throwing(bad));
        assertRefused(400, "This is not a request for a stream.", failingWith(new IllegalArgumentException()));
    }

    @Test
    @DisplayName("may fail in any other way, which nobody outside gets to know")
    void otherFailures() {
        String body = "The request could not be answered.";
        for (Throwable failure : new Throwable[] {
            new IllegalStateException("secret"), new IOException("secret"), new AssertionError("secret")
        }) {
            assertRefused(500, body, failingWith(failure));
            assertRefused(500, body, throwing(failure));
        }
        assertRefused(500, body, failingWith(new CompletionException(null)));
        assertRefused(500, body, with(request -> null));
        assertRefused(500, body, with(request -> CompletableFuture.completedStage(null)));
    }

    @Test
    @DisplayName("has cost no stream when it fails")
    void failuresCostNothing() {
        Ask.get().wholeOf(failingWith(new IllegalStateException("on purpose")));
        Ask.get()
                .streamOf(HttpManners.builder(server)
                        .overload(HttpManners.Overload.STATUS)
                        .build());
    }

    @Test
    @DisplayName("sees the request as it came")
    void seesTheRequest() {
        HttpManners manners = with(request -> {
            assertEquals("GET", request.method());
            assertEquals("/rooms/1", request.path());
            assertEquals(List.of("x"), request.parameters("p"));
            assertEquals("abc", request.header("authorization"));
            assertTrue(request.isLoopback());
            return CompletableFuture.completedStage(StreamRequest.own());
        });
        Ask.get("/rooms/1?p=x").with("Authorization", "abc").streamOf(manners);
    }

    @Test
    @DisplayName("OV-04 may ask for so many topics and selectors, and more are answered 400")
    void topicsHaveALimit() {
        HttpManners manners = HttpManners.builder(server)
                .requests(request -> CompletableFuture.completedStage(StreamRequest.of("a", "b", "c")))
                .maxTopics(2)
                .build();
        assertRefused(400, "This is not a request for a stream: more than 2 topics are asked for.", manners);
        assertThrows(
                IllegalArgumentException.class,
                () -> HttpManners.builder(server).maxTopics(0));
    }

    @Test
    @DisplayName("and a door of another server's may take the place of the server's, with the client's last event id")
    void anotherDoor() {
        try (EventSourceServer other = EventSourceServer.create()) {
            HttpManners manners = HttpManners.builder(server)
                    .allowedOrigins("https://a.example")
                    .build()
                    .with(request -> CompletableFuture.completedStage(StreamRequest.of("a")), other::open);
            EventStream stream =
                    Ask.from("https://a.example").with("Last-Event-ID", "x").streamOf(manners);
            assertEquals(List.of("a"), stream.request().topics());
            assertEquals("x", stream.request().lastEventId());
            assertEquals(1, other.figures().streams());
            assertEquals(0, server.figures().streams());
            assertEquals(403, Ask.from("https://b.example").wholeOf(manners).status(), "the same manners otherwise");
            assertEquals(1, other.figures().streams(), "who may not have a stream gets none opened");
        }
    }

    @Test
    @DisplayName("and a door that fails is answered as a server that refuses")
    void failingDoor() {
        HttpManners manners = HttpManners.builder(server)
                .overload(HttpManners.Overload.STATUS)
                .build()
                .with(
                        request -> CompletableFuture.completedStage(StreamRequest.own()),
                        wanted -> CompletableFuture.failedStage(server.refusal("full")));
        assertEquals(503, Ask.get().wholeOf(manners).status());
    }
}
