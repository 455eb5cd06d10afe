package eventsource.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Where streams come into a journal: the feeds that a request asks for, the place where it starts, and who is woken.
 *
 * <p>Confinement. Shares the journal's monitor, and keeps to its rule that nothing foreign is called under it.
 */
final class Cursors {

    private final Journal journal;
    private final Settings settings;
    private final Feeds feeds;
    private final Retention retention;

    Cursors(Journal journal, Settings settings, Feeds feeds, Retention retention) {
        this.journal = journal;
        this.settings = settings;
        this.feeds = feeds;
        this.retention = retention;
    }

    /**
     * Where a stream starts.
     *
     * @param after it has everything up to this number
     * @param told up to these numbers, one for each feed, it knows what it misses; null if that is {@code after} for all
     * @param newest whether it is given the newest of each key until it has caught up
     * @param before what it is sent before it goes on in the journal
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and the array is the feeds' own
    record Start(
            Feed[] feeds,
            long after,
            long @Nullable [] told,
            boolean newest,
            Resume.Outcome outcome,
            @Nullable Before before,
            Epoch epoch) {

        /** The same with everything after a number, of which something may have to be read first. */
        Start resumed(long number, @Nullable Before before) {
            return new Start(feeds, number, null, false, Resume.Outcome.RESUMED, before, epoch);
        }
    }

    /**
     * The feeds that a request asks for, held until {@link #leave}.
     *
     * @return the feeds, or null if there are as many selectors as there may be
     */
    Feed @Nullable [] hold(StreamRequest request) {
        if (request.selectors().isEmpty()) {
            synchronized (journal) {
                Feed[] held = feeds.of(request.topics());
                for (Feed feed : held) {
                    feed.streams++;
                }
                return held;
            }
        }
        Feed[] held = {};
        for (Selector selector : request.selectors()) {
            Feed feed = hold(selector);
            if (feed == null) {
                leave(held);
                return null;
            }
            held = Feed.with(held, feed);
        }
        return held;
    }

    /** Asks the selector about all topics that there are, and then has the feed if no other came meanwhile. */
    private @Nullable Feed hold(Selector selector) {
        Map<Feed, Boolean> judged = new HashMap<>();
        while (true) {
            Feed[] known = feeds.selectors();
            Feed same = Selectors.find(known, selector);
            List<Feed> others = new ArrayList<>();
            synchronized (journal) {
                if (known != feeds.selectors()) {
                    continue;
                }
                if (same == null) {
                    feeds.each(topic -> {
                        if (!judged.containsKey(topic)) {
                            others.add(topic);
                        }
                    });
                }
                if (others.isEmpty()) {
                    Feed feed = same == null ? feedOf(selector, judged) : same;
                    if (feed != null) {
                        feed.streams++;
                    }
                    return feed;
                }
            }
            others.forEach(topic -> judged.put(topic, Selectors.matches(selector, topic)));
        }
    }

    /** A new feed, with what is retained of its topics. */
    private @Nullable Feed feedOf(Selector selector, Map<Feed, Boolean> judged) {
        if (feeds.selectors().length >= settings.maxSelectors()) {
            Feed unused = feeds.removeUnused();
            if (unused == null) {
                return null;
            }
            retention.empty(unused);
        }
        judged.values().removeIf(matches -> !matches);
        Feed feed = new Feed(selector, Math.max(feeds.forgotten(), trimmed(judged.keySet())));
        retention.fill(feed, judged.keySet());
        feeds.add(feed);
        return feed;
    }

    /** Finds where a stream starts. */
    Start enter(StreamRequest request, Feed[] from) {
        synchronized (journal) {
            return start(request, from);
        }
    }

    private Start start(StreamRequest request, Feed[] from) {
        retention.trim(settings.wheel().ticks());
        boolean newest = request.isNewestPerKeyFirst();
        String id = request.lastEventId();
        if (id == null) {
            return newest
                    ? newest(from, 0, all(from, journal.head()), Resume.Outcome.LIVE)
                    : request.isFromEarliest() ? earliest(from, 0, Resume.Outcome.LIVE) : at(from, Resume.Outcome.LIVE);
        }
        long number = locate(id);
        if (number >= highest(List.of(from), newest ? Feed::trimmedButKeys : Feed::trimmed)) {
            return newest
                    ? newest(from, number, null, Resume.Outcome.RESUMED)
                    : at(from, Resume.Outcome.RESUMED).resumed(number, null);
        }
        boolean live = request.gapStart() == GapStart.LIVE || request.snapshot() != null;
        if (newest) {
            long[] told = live ? all(from, journal.head()) : each(from, Feed::trimmedButKeys);
            return newest(from, 0, told, Resume.Outcome.GAP);
        }
        return live ? at(from, Resume.Outcome.GAP) : earliest(from, Math.max(0, number), Resume.Outcome.GAP);
    }

    private Start at(Feed[] from, Resume.Outcome outcome) {
        return new Start(from, journal.head(), null, false, outcome, null, journal.epoch());
    }

    private Start newest(Feed[] from, long after, long @Nullable [] told, Resume.Outcome outcome) {
        return new Start(from, after, told, true, outcome, null, journal.epoch());
    }

    private static long[] all(Feed[] feeds, long number) {
        return each(feeds, feed -> number);
    }

    private static long[] each(Feed[] feeds, ToLongFunction<Feed> number) {
        return Arrays.stream(feeds).mapToLong(number).toArray();
    }

    /** The number of the event with this id, or -1 if nothing proves that it is one of ours. */
    private long locate(String id) {
        Long callers = retention.find(id);
        if (callers != null) {
            return callers;
        }
        return journal.number(id);
    }

    /** Up to where something may have been trimmed of any of the feeds. */
    static long trimmed(Collection<Feed> feeds) {
        return highest(feeds, Feed::trimmed);
    }

    private static long highest(Collection<Feed> feeds, ToLongFunction<Feed> number) {
        return feeds.stream().mapToLong(number).max().orElse(0);
    }

    /** Starts before the first retained frame after a number, as close to it as can be. */
    private Start earliest(Feed[] from, long number, Resume.Outcome outcome) {
        long first = journal.head() + 1;
        for (Feed feed : from) {
            Frame frame = feed.at(feed.firstAfter(number));
            if (frame != null) {
                first = Math.min(first, frame.number);
            }
        }
        // What a quiet topic still has of the time before the trims of a busy one may be trimmed, too, before it is
        // sent: so each feed counts for itself.
        return new Start(from, first - 1, each(from, Feed::trimmed), false, outcome, null, journal.epoch());
    }

    /** Where a stream goes on that has fallen off the tail. */
    Start skip(Feed[] from, long after) {
        synchronized (journal) {
            return earliest(from, after, Resume.Outcome.GAP);
        }
    }

    void leave(Feed[] from) {
        synchronized (journal) {
            for (Feed feed : from) {
                feed.streams--;
                feeds.tidy(feed);
            }
        }
    }

    // --- the newest of each key ---

    /** What a stream is given next that wants the newest of each key. */
    Newest newest(Feed[] from, long after, long @Nullable [] told) {
        synchronized (journal) {
            return Newest.find(from, after, told, journal.head());
        }
    }

    // --- audiences ---

    /** The audience of a lane on a feed, which is woken from now on. */
    Audience join(Feed feed, Lane lane) {
        Audience audience = audience(feed, lane);
        if (audience == null) {
            audience = new Audience(feed, lane);
            synchronized (journal) {
                feed.join(audience);
            }
        }
        return audience;
    }

    /** One stream less in the audience of a lane, which is let go with the last one. */
    void part(Feed feed, Lane lane) {
        Audience audience = audience(feed, lane);
        if (audience == null) {
            return;
        }
        audience.left();
        if (audience.isEmpty()) {
            synchronized (journal) {
                feed.leave(audience);
            }
        }
    }

    /** Only the lane's own turns add and remove its audiences, so they may look without the lock. */
    private static @Nullable Audience audience(Feed feed, Lane lane) {
        for (Audience audience : feed.audiences()) {
            if (audience.lane == lane) {
                return audience;
            }
        }
        return null;
    }

    /** How many events are pending for a stream: an estimate while events come and go. */
    static long pending(Collection<Feed> feeds, long after) {
        long pending = 0;
        for (Feed feed : feeds) {
            pending += feed.countAfter(after);
        }
        return pending;
    }
}
