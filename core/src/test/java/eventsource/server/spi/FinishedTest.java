package eventsource.server.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.Selector;
import eventsource.server.StreamRequest;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is answered to requests for streams that the server does not give any more, or not yet again. */
class FinishedTest {

    private final EventSourceServer server =
            EventSourceServer.builder().executor(Runnable::run).maxSelectors(1).build();

    @Test
    @DisplayName("204 makes a client stay away that has everything of a story that is over")
    void whoHasEverythingOfAFinishedServerStaysAway() {
        String first = server.emit("1").toCompletableFuture().join();
        String last = server.emit("2").toCompletableFuture().join();
        server.finish();
        assertEquals(
                "resumed",
                Ask.get()
                        .with("Last-Event-ID", first)
                        .answerOf(server)
                        .headers()
                        .get("EventSource-Resume"));
        HttpAnswer.Whole over = Ask.get().with("Last-Event-ID", last).wholeOf(HttpManners.of(server));
        assertEquals(204, over.status());
        assertEquals("", over.body());
        assertEquals("no-store", over.headers().get("Cache-Control"));
        assertEquals(204, Ask.get().answerOf(server).status(), "a fresh client has all that it wants, too");
        assertEquals(
                "https://app.example",
                Ask.from("https://app.example")
                        .wholeOf(HttpManners.builder(server)
                                .allowedOrigins("https://app.example")
                                .build())
                        .headers()
                        .get("Access-Control-Allow-Origin"),
                "a page of another origin may see that");
        server.stop();
        assertEquals(200, Ask.get().with("Last-Event-ID", last).answerOf(server).status());
    }

    @Test
    void oneSelectorTooManyIsAnOverload() {
        HttpManners manners = HttpManners.builder(server)
                .overload(HttpManners.Overload.STATUS)
                .requests(
                        http -> CompletableFuture.completedStage(StreamRequest.matching(Selector.prefix(http.path()))))
                .build();
        Ask.get("/a").streamOf(manners);
        Ask.get("/a").streamOf(manners);
        assertEquals(503, Ask.get("/b").wholeOf(manners).status());
    }

    @Test
    void theNewestPerKeyOfAServerWithoutKeysIsTheApplicationsMistake() {
        server.emit(Event.of("1").withKey("k"));
        HttpManners manners = HttpManners.builder(server)
                .requests(http ->
                        CompletableFuture.completedStage(StreamRequest.own().newestPerKeyFirst()))
                .build();
        assertEquals(500, Ask.get().wholeOf(manners).status());
    }
}
