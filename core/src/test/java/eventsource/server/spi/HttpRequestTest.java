package eventsource.server.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A request")
class HttpRequestTest {

    private final EventSourceServer server =
            EventSourceServer.builder().executor(Runnable::run).build();
    private final HttpManners manners =
            HttpManners.builder(server).topicParameter("topic").build();

    @AfterEach
    void stop() {
        server.close();
    }

    private static HttpRequest request(String target) {
        return HttpRequest.of("GET", target, Map.of(), false);
    }

    @Test
    @DisplayName("headers may stay where the adapter has them")
    void headersMayStay() {
        HttpRequest asked = HttpRequest.of(
                "GET", "/", name -> name.equalsIgnoreCase("cookie") ? List.of("a", "b") : List.of(), false);
        assertEquals(List.of("a", "b"), asked.headers("Cookie"));
        assertEquals("a", asked.header("COOKIE"));
        assertEquals(List.of(), asked.headers("Accept"));
        assertEquals(List.of(), asked.parameters("topic"));
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("HT-07 may have an absolute target")
    @CsvSource({
        "http://localhost:8080/events?topic=a, /events",
        "HTTPS://localhost/events?topic=a, /events",
        "/events?topic=a, /events",
        "http://localhost:8080/?topic=a, /",
        "/a%20b/?topic=a, /a%20b/",
    })
    void absoluteTargets(String target, String path) {
        assertEquals(path, request(target).path());
        assertEquals(List.of("a"), request(target).parameters("topic"));
        ReadStream read = ReadStream.of(Ask.get(target).streamOf(manners));
        server.emit(Event.of("for a"), "a");
        assertEquals(List.of("for a"), read.data());
    }

    @Test
    @DisplayName("HT-07 may have an absolute target without a path")
    void absoluteTargetsWithoutPath() {
        assertEquals("/", request("http://localhost:8080").path());
        assertEquals(List.of("a"), request("http://localhost:8080?topic=a").parameters("topic"));
    }

    @Test
    @DisplayName("HT-07 may have a target of 8 KiB")
    void longTargets() {
        String padding = "x".repeat(8 * 1024);
        ReadStream read = ReadStream.of(
                Ask.get("/" + padding + "?p=" + padding + "&topic=a").streamOf(manners));
        server.emit(Event.of("for a"), "a");
        assertEquals(List.of("for a"), read.data());
    }

    @Test
    @DisplayName("OV-04 may not ask for more topics than a stream can have")
    void tooManyTopics() {
        StringBuilder target = new StringBuilder("/?");
        for (int i = 0; i < 129; i++) {
            target.append("topic=t").append(i).append('&');
        }
        assertEquals(400, Ask.get(target.toString()).wholeOf(manners).status());
        assertEquals(400, Ask.get("/?topic=" + "x".repeat(257)).wholeOf(manners).status());
    }

    @Test
    @DisplayName("has its parameters decoded as UTF-8, in their order")
    void parameters() {
        HttpRequest request = request("/?a=1&b=%C3%BC+%2B&a=&a&%61=2&=3&&c=x=y");
        assertEquals(List.of("1", "", "", "2"), request.parameters("a"));
        assertEquals(List.of("\u00FC +"), request.parameters("b"));
        assertEquals(List.of("x=y"), request.parameters("c"));
        assertEquals(List.of(), request.parameters("d"));
        assertEquals(List.of(), request("/a=1").parameters("a"));
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("CO-07 whose query is malformed is answered 400 and does not find itself in the answer")
    @ValueSource(strings = {"%zz<b>", "%", "%C3%28<b>", "%FF<b>", "%-1<b>"})
    void malformedQueries(String value) {
        for (String target : new String[] {"/?topic=" + value, "/?last_event_id=" + value}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> request("/?p=" + value).parameters("p"));
            HttpAnswer.Whole answer = Ask.get(target).wholeOf(manners);
            assertEquals(400, answer.status());
            assertFalse(answer.body().contains("<b>"), answer.body());
        }
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("IN-06 cannot put a line break into a topic")
    @ValueSource(strings = {"a%0D%0AX-Evil:%20b", "a%0Ab", "a%0Db", "a%00", "%1Ba", "%20a", "", "%C2%85"})
    void topicsWithControlCharacters(String topic) {
        HttpAnswer.Whole answer = Ask.get("/?topic=" + topic).wholeOf(manners);
        assertEquals(400, answer.status());
        assertFalse(answer.body().contains("Evil"), "the answer repeats what was sent: " + answer.body());
        assertEquals(
                List.of("Cache-Control", "Content-Type", "X-Content-Type-Options"),
                answer.headers().keySet().stream().sorted().toList());
    }

    @Test
    @DisplayName("has headers by name in any case, each in its order")
    void headers() {
        HttpRequest request = HttpRequest.of("GET", "/", Map.of("x-a", List.of("1", "2"), "X-B", List.of()), false);
        assertEquals(List.of("1", "2"), request.headers("X-A"));
        assertEquals("1", request.header("X-a"));
        assertNull(request.header("X-B"));
        assertEquals(List.of(), request.headers("X-C"));
    }

    @Test
    void bytesThatWereNotEncodedAreReadAsUtf8Too() {
        HttpRequest raw = HttpRequest.of("GET", "/?topic=\u00C3\u00A9", Map.of(), true);
        HttpRequest encoded = HttpRequest.of("GET", "/?topic=%C3%A9", Map.of(), true);
        assertEquals(List.of("\u00E9"), encoded.parameters("topic"));
        assertEquals(encoded.parameters("topic"), raw.parameters("topic"));
        HttpRequest broken = HttpRequest.of("GET", "/?topic=\u00FF", Map.of(), true);
        assertThrows(IllegalArgumentException.class, () -> broken.parameters("topic"));
        HttpRequest replacement = HttpRequest.of("GET", "/?topic=%EF%BF%BD", Map.of(), true);
        assertEquals(List.of("\uFFFD"), replacement.parameters("topic"), "which is a character as any other");
    }
}
