package eventsource.server;

import eventsource.server.spi.EventLog;
import eventsource.server.spi.Position;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The recent frames of a server in their order, and the feeds of its topics and selectors.
 *
 * <p>Confinement. What changes it holds the monitor of this object, a leaf: nothing foreign is called under it, and alarms
 * and marks are set after it. Draining takes no lock, but for the newest of each key: it reads {@link #head} and then feeds.
 * An append fills all feeds of a frame before it moves the head, and looks for audiences to wake only then; a stream joins
 * its audiences before it reads the head. So one of the two sees the other.
 */
final class Journal {

    private final Settings settings;
    private final Feeds feeds = new Feeds();
    private final Retention retention;
    private final Alarm alarm = new Alarm() {
        @Override
        void ring() {
            trimExpired();
        }
    };

    private volatile Epoch epoch = new Epoch();
    private volatile long head;
    private volatile @Nullable StreamEnd over;

    private long appended;
    private boolean alarmed;

    Journal(Settings settings) {
        this.settings = settings;
        retention = new Retention(settings, feeds);
    }

    // --- from any thread, without a lock ---

    /** The number of the newest frame; 0 before the first. */
    long head() {
        return head;
    }

    /** With what streams end that have everything up to the head, because it is the last one; null if it is not. */
    @Nullable
    StreamEnd over() {
        return over;
    }

    /** The id that stands for a place, whatever id the event there has. */
    String id(long number) {
        return epoch.id(number);
    }

    /** The number of a position; -1 if nothing proves that it is of this epoch. */
    long number(Position position) {
        Epoch now = epoch;
        return now.isOf(position) ? now.number(position.ordinal()) : -1;
    }

    /** The position that an id of this epoch names, or null if it is not one. */
    @Nullable
    Position position(String id) {
        return epoch.position(id);
    }

    // --- append ---

    /** What an append leaves to be done without the lock. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Appended(String id, Feed[] to, boolean alarm) {}

    /**
     * Appends an event and marks the lanes of whoever follows one of its topics.
     *
     * @return the id on the wire, or null if nothing is accepted any more
     */
    @Nullable
    String append(Emission emission) {
        return append(emission, encode(emission.event()), null);
    }

    /**
     * Appends an entry of the event log. One that was appended already is left out.
     *
     * @return whether the event is small enough
     */
    boolean follow(EventLog.Entry entry) {
        try {
            append(entry.emission(), encode(entry.emission().event()), entry.position());
            return true;
        } catch (IllegalArgumentException tooLarge) {
            return false;
        }
    }

    /**
     * The fields of an event.
     *
     * @throws IllegalArgumentException if the event is too large
     */
    byte[] encode(Event event) {
        byte[] fields = Frame.fields(event);
        if (fields.length > settings.maxEventBytes()) {
            throw new IllegalArgumentException("event has " + fields.length + " bytes; " + settings.maxEventBytes()
                    + " are allowed, so split it, or raise maxEventBytes on the builder");
        }
        return fields;
    }

    private @Nullable String append(Emission emission, byte[] fields, @Nullable Position position) {
        Appended done = tryAppend(emission, fields, position);
        while (done == null && over == null && (position == null || number(position) > head)) {
            route(emission.topics());
            done = tryAppend(emission, fields, position);
        }
        if (done == null) {
            return null;
        }
        setAlarm(done.alarm);
        for (Feed feed : done.to) {
            for (Audience audience : feed.audiences()) {
                audience.lane.mark(audience);
            }
        }
        return done.id;
    }

    /** Null if it is over, was appended already, or the selectors have to be asked first. */
    private synchronized @Nullable Appended tryAppend(Emission emission, byte[] fields, @Nullable Position position) {
        long number = position == null ? head + 1 : number(position);
        if (number <= head) {
            return null;
        }
        Feed[] to = over == null ? feeds.routed(feeds.of(emission.topics())) : null;
        if (to == null) {
            return null;
        }
        int now = settings.wheel().ticks();
        Event event = emission.event();
        String id = event.id() == null ? epoch.id(number) : event.id();
        retention.add(new Frame(number, now + 1, Traits.of(event), to, fields, id));
        appended++;
        head = number;
        retention.trim(now);
        return new Appended(id, to, needsAlarm());
    }

    private void route(List<String> topics) {
        List<Feed> unrouted;
        Feed[] selectors;
        synchronized (this) {
            unrouted = feeds.unrouted(feeds.of(topics));
            selectors = feeds.selectors();
        }
        for (Feed topic : unrouted) {
            Feed.Route route = Selectors.route(topic, selectors);
            synchronized (this) {
                topic.route(route);
            }
        }
    }

    /**
     * Begins anew after a position of the log. Unless nothing can be missing, everything before it counts as trimmed, so
     * that every stream is told.
     */
    synchronized void restart(Position after) {
        long number = number(after);
        if (!epoch.isOf(after)) {
            number = Math.max(head + 1, after.ordinal());
            epoch = new Epoch(after.epoch(), number - after.ordinal());
            retention.forget();
        }
        if (number > head) {
            feeds.cut(number);
            head = number;
        }
    }

    /** No event comes after this. */
    synchronized void end(StreamEnd reason) {
        over = over == StreamEnd.STOPPED ? over : reason;
    }

    // --- retention ---

    private void trimExpired() {
        boolean again;
        synchronized (this) {
            alarmed = false;
            retention.trim(settings.wheel().ticks());
            again = needsAlarm();
        }
        setAlarm(again);
    }

    private boolean needsAlarm() {
        if (alarmed || retention.oldest() == null || settings.retainTicks() == 0) {
            return false;
        }
        alarmed = true;
        return true;
    }

    /** The oldest frame may have gone meanwhile: then the alarm rings early, and is set anew. */
    private void setAlarm(boolean wanted) {
        if (wanted) {
            int oldest;
            synchronized (this) {
                Frame frame = retention.oldest();
                oldest = frame == null ? settings.wheel().ticks() : frame.since;
            }
            settings.wheel().set(alarm, settings.wheel().at(oldest + settings.retainTicks()));
        }
    }

    /** Lets go of everything: nobody can ask for it any more. */
    void forget() {
        synchronized (this) {
            retention.forget();
        }
        settings.wheel().clear(alarm);
    }

    // --- streams ---

    /**
     * Where a stream starts.
     *
     * @param after it has everything up to this number
     * @param told it knows what it misses up to this number
     * @param newest whether it is given the newest of each key until it has caught up
     * @param before what it is sent before it goes on in the journal
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and the array is the feeds' own
    record Start(
            Feed[] feeds,
            long after,
            long told,
            boolean newest,
            Resume.Outcome outcome,
            @Nullable Before before) {

        Start(Feed[] feeds, long after, long told, boolean newest, Resume.Outcome outcome) {
            this(feeds, after, told, newest, outcome, null);
        }

        /** The same with everything after a number, of which something may have to be read first. */
        Start resumed(long number, @Nullable Before before) {
            return new Start(feeds, number, number, false, Resume.Outcome.RESUMED, before);
        }
    }

    /**
     * The feeds that a request asks for, held until {@link #leave}.
     *
     * @return the feeds, or null if there are as many selectors as there may be
     */
    Feed @Nullable [] hold(StreamRequest request) {
        if (request.selectors().isEmpty()) {
            synchronized (this) {
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
            synchronized (this) {
                if (known != feeds.selectors()) {
                    continue;
                }
                feeds.topics().stream()
                        .filter(topic -> same == null && !judged.containsKey(topic))
                        .forEach(others::add);
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
    synchronized Start enter(StreamRequest request, Feed[] from) {
        retention.trim(settings.wheel().ticks());
        boolean newest = request.isNewestPerKeyFirst();
        long trimmed = newest ? Newest.trimmed(from) : trimmed(List.of(from));
        String id = request.lastEventId();
        if (id == null) {
            return newest
                    ? new Start(from, 0, head, true, Resume.Outcome.LIVE)
                    : request.isFromEarliest()
                            ? earliest(from, 0, Resume.Outcome.LIVE)
                            : new Start(from, head, head, false, Resume.Outcome.LIVE);
        }
        long number = locate(id);
        if (number >= trimmed) {
            return new Start(from, number, number, newest, Resume.Outcome.RESUMED);
        }
        boolean live = request.gapStart() == GapStart.LIVE || request.snapshot() != null;
        if (newest) {
            return new Start(from, 0, live ? head : trimmed, true, Resume.Outcome.GAP);
        }
        return live
                ? new Start(from, head, head, false, Resume.Outcome.GAP)
                : earliest(from, Math.max(0, number), Resume.Outcome.GAP);
    }

    /** The number of the event with this id, or -1 if nothing proves that it is one of ours. */
    private long locate(String id) {
        Long callers = retention.find(id);
        if (callers != null) {
            return callers;
        }
        long number = epoch.number(id);
        return number <= head ? number : -1;
    }

    static long trimmed(Iterable<Feed> feeds) {
        long trimmed = 0;
        for (Feed feed : feeds) {
            trimmed = Math.max(trimmed, feed.trimmed());
        }
        return trimmed;
    }

    /** Starts before the first retained frame after a number, as close to it as can be. */
    private Start earliest(Feed[] from, long number, Resume.Outcome outcome) {
        long first = head + 1;
        for (Feed feed : from) {
            Frame frame = feed.at(feed.firstAfter(number));
            if (frame != null) {
                first = Math.min(first, frame.number);
            }
        }
        return new Start(from, first - 1, Math.max(first - 1, trimmed(List.of(from))), false, outcome);
    }

    /** Where a stream goes on that has fallen off the tail. */
    synchronized Start skip(Feed[] from, long after) {
        return earliest(from, after, Resume.Outcome.GAP);
    }

    synchronized void leave(Feed[] from) {
        for (Feed feed : from) {
            feed.streams--;
            feeds.tidy(feed);
        }
    }

    // --- the newest of each key ---

    /** What a stream is given next that wants the newest of each key. */
    synchronized Newest newest(Feed[] from, long after, long told) {
        return Newest.find(from, after, told, head);
    }

    // --- audiences ---

    /** The audience of a lane on a feed, which is woken from now on. */
    Audience join(Feed feed, Lane lane) {
        Audience audience = audience(feed, lane);
        if (audience == null) {
            audience = new Audience(feed, lane);
            synchronized (this) {
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
            synchronized (this) {
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

    /** What there is, and was; the counts of lanes are the caller's part. */
    synchronized Figures figures(boolean ready, long skipped, int streams, IntToLongFunction counts) {
        return new Figures(
                ready && over == null,
                streams,
                counts.applyAsLong(Count.OPENED),
                appended,
                counts.applyAsLong(Count.DELIVERED),
                counts.applyAsLong(Count.BYTES),
                counts.applyAsLong(Count.GAPS),
                counts.applyAsLong(Count.LAGGED),
                counts.applyAsLong(Count.STALLED),
                skipped,
                retention.events(),
                retention.bytes(),
                feeds.topics().size(),
                feeds.selectors().length);
    }
}
