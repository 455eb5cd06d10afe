package eventsource.server.interop;

import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.StreamRequest;
import eventsource.server.spi.HttpManners;
import eventsource.server.spi.HttpRefusal;
import eventsource.server.spi.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** The stories that are told now, by their names. */
final class Stories {

    private static final String NAME = "story";

    private final Map<String, Story> stories = new ConcurrentHashMap<>();

    /** How requests for streams are answered: each names its story in the query. */
    HttpManners manners() {
        return HttpManners.of(EventSourceServer.create()).with(this::wanted, this::open);
    }

    /** Begins a story, which replaces another one of the same name. */
    void begin(String name) {
        Story before = stories.put(name, new Story());
        if (before != null) {
            before.stop();
        }
    }

    /** The story of this name. */
    Story of(String name) {
        Story story = stories.get(name);
        if (story == null) {
            throw new HttpRefusal(404, "there is no such story");
        }
        return story;
    }

    /** Ends a story for good, with its streams. */
    void drop(String name) {
        Story story = stories.remove(name);
        if (story != null) {
            story.stop();
        }
    }

    private CompletionStage<StreamRequest> wanted(HttpRequest request) {
        List<String> names = request.parameters(NAME);
        String name = names.isEmpty() ? "" : names.get(0);
        of(name); // refuses those that are none
        return CompletableFuture.completedStage(StreamRequest.own().with(NAME, name));
    }

    private CompletionStage<EventStream> open(StreamRequest request) {
        return of(String.valueOf(request.attributes().get(NAME))).open(request);
    }
}
