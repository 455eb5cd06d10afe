package eventsource.server;

import eventsource.server.spi.EventLog.Entry;
import eventsource.server.spi.EventLog.Page;
import eventsource.server.spi.Position;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * What a stream is sent from the event log, until the journal has what comes after. Reading is as fast as the client takes
 * it, a page at a time.
 */
final class Pages implements Before {

    private final Source source;
    private final Journal journal;
    private final StreamRequest request;
    private final List<String> topics;
    private final Feed[] feeds;
    private final int maxEventBytes;
    private volatile Position at; // written where a page arrives, before the stream is marked

    Pages(Source source, Journal journal, int maxEventBytes, StreamRequest request, Feed[] feeds, Position after) {
        this.maxEventBytes = maxEventBytes;
        this.source = source;
        this.journal = journal;
        this.request = request;
        this.feeds = feeds;
        at = after;
        topics = request.topics().isEmpty() && request.selectors().isEmpty() ? List.of(Feeds.OWN) : request.topics();
    }

    /** The first page, which is then still to be sent. */
    CompletionStage<Page> first() {
        return source.read(at, topics);
    }

    @Override
    public CompletionStage<Iterator<ByteBuffer>> more() {
        Position after = at;
        return source.read(after, topics).thenApply(page -> {
            if (page.trimmed() || page.through().equals(after)) {
                throw new Lapped();
            }
            at = page.through();
            return encoded(page).iterator();
        });
    }

    private List<ByteBuffer> encoded(Page page) {
        List<ByteBuffer> events = new ArrayList<>();
        Predicate<? super Map<String, String>> filter = request.filter();
        for (Entry entry : page.entries()) {
            Event event = entry.emission().event();
            if (isWanted(entry.emission()) && (filter == null || filter.test(event.labels()))) {
                Frame.Fields fields = Frame.Fields.of(event);
                if (fields.length() <= maxEventBytes) { // else nobody gets it, as with those that are followed
                    events.add(Frame.loose(fields, event.id() == null ? Epoch.id(entry.position()) : event.id()));
                }
            }
        }
        return events;
    }

    private boolean isWanted(Emission emission) {
        for (Feed feed : feeds) {
            if (feed.name instanceof Selector selector ? matches(selector, emission) : isTo(feed, emission)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isTo(Feed feed, Emission emission) {
        return emission.topics().isEmpty()
                ? feed.name.equals(Feeds.OWN)
                : emission.topics().contains(feed.name);
    }

    private static boolean matches(Selector selector, Emission emission) {
        return selector == Selectors.ALL
                || emission.topics().stream().anyMatch(topic -> Selectors.matches(selector, topic));
    }

    @Override
    public boolean isOver() {
        return through() >= Cursors.trimmed(List.of(feeds));
    }

    @Override
    public long through() {
        return journal.number(at);
    }

    /** The log has trimmed what was to be read next. */
    static final class Lapped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Lapped() {
            super("the event log does not have any more what the stream needs next", null, false, false);
        }
    }
}
