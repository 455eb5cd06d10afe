package eventsource.server.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The driver of the scenario")
class ControlTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static int control;
    private static int streams;

    @BeforeAll
    static void start() throws IOException {
        Stories stories = new Stories();
        streams = Main.serveByJdk(stories.manners());
        control = Control.start(stories);
    }

    @Test
    @DisplayName("has an event sent, is told its id, and ends the stream and the story")
    void aStoryFromItsBeginningToItsEnd() throws Exception {
        post("/begin?story=one");
        HttpResponse<Stream<String>> stream = stream("one", "");
        String id = post("/emit?story=one&type=named");
        assertEquals("1", post("/end?story=one"));
        List<String> lines = stream.body().toList();
        assertEquals(
                List.of("event: named", "data: text", "id: " + id, ""), lines.subList(lines.size() - 4, lines.size()));

        post("/finish?story=one");
        assertEquals(204, stream("one", id).statusCode());
    }

    @Test
    @DisplayName("has everything forgotten, of which a client that comes back is told")
    void forgotten() throws Exception {
        post("/begin?story=two");
        String id = post("/emit?story=two&id=mine");
        assertEquals("mine", id);
        post("/forget?story=two");
        HttpResponse<Stream<String>> stream = stream("two", id);
        post("/drop?story=two");
        assertTrue(stream.body().toList().contains("event: gap"));
    }

    @Test
    @DisplayName("is refused what there is not")
    void unknown() throws Exception {
        assertEquals(404, stream("none", "").statusCode());
        assertEquals(404, send("/open?story=one").statusCode());
        assertEquals(404, send("/emit?story=none").statusCode());
    }

    private static String post(String target) throws Exception {
        HttpResponse<String> response = send(target);
        assertEquals(200, response.statusCode(), response.body());
        return response.body();
    }

    private static HttpResponse<String> send(String target) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + control + target))
                .POST(HttpRequest.BodyPublishers.ofString("text"))
                .build();
        return HTTP.send(request, BodyHandlers.ofString());
    }

    private static HttpResponse<Stream<String>> stream(String story, String lastEventId) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + streams + "/stream?story=" + story));
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        return HTTP.send(request.build(), BodyHandlers.ofLines());
    }
}
