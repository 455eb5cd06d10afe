package eventsource.server.examples;

import eventsource.server.EventSourceServer;
import eventsource.server.StreamRequest;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers word by word, one server for each: {@code POST /ask} takes a question and gives an id, {@code GET /answer?id=I} is
 * the stream. It can be resumed anywhere, and who comes back after the last word is told to stay away.
 */
final class Tokens implements Example {

    private static final int KEPT_MINUTES = 5; // as long as the server keeps its words

    private final ScheduledExecutorService clock = Example.clock();
    private final Map<String, EventSourceServer> answers = new ConcurrentHashMap<>();

    @Override
    public Site start() {
        return new Site(answers::values)
                .streams("/answer", request -> stream(answers.get(Posted.parameter(request, "id"))))
                .page("/", LivePage.named("tokens.html"))
                .post("/ask", posted -> CompletableFuture.completedStage(ask(posted.text())));
    }

    private static Site.@Nullable Stream stream(@Nullable EventSourceServer answer) {
        StreamRequest request = StreamRequest.own().fromEarliest();
        return answer == null ? null : new Site.Stream(answer, request);
    }

    private String ask(String question) {
        String id = UUID.randomUUID().toString();
        EventSourceServer answer = EventSourceServer.create();
        answers.put(id, answer);
        String[] words = ("To " + question + " there is no short answer.").split("(?<= )");
        say(answer, List.of(words).iterator());
        clock.schedule(() -> answers.remove(id, answer) ? answer.stop() : null, KEPT_MINUTES, TimeUnit.MINUTES);
        return id;
    }

    private void say(EventSourceServer answer, Iterator<String> words) {
        if (words.hasNext()) {
            answer.emit("word", words.next());
            clock.schedule(() -> say(answer, words), 100, TimeUnit.MILLISECONDS);
        } else {
            answer.finish();
        }
    }
}
