package eventsource.server.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A request as a test writes it down: by default a GET that arrived on a loopback address for {@code localhost:8080}. */
record Ask(String method, String target, Map<String, List<String>> headers, boolean loopback) {

    static Ask get(String target) {
        return new Ask("GET", target, Map.of("Host", List.of("localhost:8080")), true);
    }

    static Ask get() {
        return get("/events");
    }

    /** A request from a page of an origin. */
    static Ask from(String origin) {
        return get().with("Origin", origin);
    }

    Ask method(String other) {
        return new Ask(other, target, headers, loopback);
    }

    /** One more header of this name. */
    Ask with(String name, String value) {
        Map<String, List<String>> more = new TreeMap<>(headers);
        List<String> values = new ArrayList<>(more.getOrDefault(name, List.of()));
        values.add(value);
        more.put(name, values);
        return new Ask(method, target, more, loopback);
    }

    Ask without(String name) {
        Map<String, List<String>> fewer = new TreeMap<>(headers);
        fewer.remove(name);
        return new Ask(method, target, fewer, loopback);
    }

    Ask host(String value) {
        return without("Host").with("Host", value);
    }

    Ask onPublicAddress() {
        return new Ask(method, target, headers, false);
    }

    HttpRequest request() {
        return HttpRequest.of(method, target, headers, loopback);
    }

    HttpAnswer answerOf(HttpManners manners) {
        try {
            return manners.answer(request()).toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new AssertionError("an answer never fails, but this one did", failed);
        }
    }

    HttpAnswer answerOf(EventSourceServer server) {
        return answerOf(HttpManners.of(server));
    }

    HttpAnswer.Whole wholeOf(HttpManners manners) {
        return assertInstanceOf(HttpAnswer.Whole.class, answerOf(manners), "no stream may be opened for " + this);
    }

    EventStream streamOf(HttpManners manners) {
        HttpAnswer answer = answerOf(manners);
        assertEquals(200, answer.status(), () -> this + " should get a stream but got " + answer);
        return assertInstanceOf(HttpAnswer.Streaming.class, answer).stream();
    }
}
