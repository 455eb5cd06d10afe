package eventsource.server;

import eventsource.server.spi.EventLog;
import eventsource.server.spi.Position;
import java.util.List;
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
final class Journal extends Alarm {

    private final Settings settings;
    private final Feeds feeds = new Feeds();
    private final Retention retention;
    private final Cursors cursors;

    private volatile Epoch epoch = new Epoch();
    private volatile long head;
    private volatile @Nullable StreamEnd over;

    private long appended;
    private long furthest;
    private boolean alarmed;

    Journal(Settings settings) {
        this.settings = settings;
        retention = new Retention(settings, feeds);
        cursors = new Cursors(this, settings, feeds, retention);
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

    /** Where streams come in. */
    Cursors cursors() {
        return cursors;
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

    /** The number that an id names; -1 if nothing proves that it is of this epoch, and was given already. */
    long number(String id) {
        long number = epoch.number(id);
        return number <= head ? number : -1;
    }

    /**
     * The number of a position at which a stream may start though the journal is not that far, or -1 if it is of another
     * epoch. A later epoch begins after it.
     */
    synchronized long reach(Position position) {
        long number = number(position);
        furthest = Math.max(furthest, number);
        return number;
    }

    /** The epoch of now. */
    Epoch epoch() {
        return epoch;
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
    Frame.Fields encode(Event event) {
        Frame.Fields fields = Frame.Fields.of(event);
        if (fields.length() > settings.maxEventBytes()) {
            throw new IllegalArgumentException("event has " + fields.length() + " bytes; " + settings.maxEventBytes()
                    + " are allowed, so split it, or raise maxEventBytes on the builder");
        }
        return fields;
    }

    private @Nullable String append(Emission emission, Frame.Fields fields, @Nullable Position position) {
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
    private synchronized @Nullable Appended tryAppend(
            Emission emission, Frame.Fields fields, @Nullable Position position) {
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
        retention.add(new Frame(number, settings.wheel().ticksBegun(), Traits.of(event), to, fields, id));
        appended++;
        head = number;
        retention.trim(now);
        return new Appended(id, to, needsAlarm());
    }

    private void route(List<String> topics) {
        List<Feed> unrouted;
        Feed[] selectors;
        int version;
        synchronized (this) {
            unrouted = feeds.unrouted(feeds.of(topics));
            selectors = feeds.selectors();
            version = feeds.version();
        }
        for (Feed topic : unrouted) {
            Feed.Route route = Selectors.route(topic, selectors, version);
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
            number = Math.max(Math.max(head, furthest) + 1, after.ordinal());
            epoch = new Epoch(after.epoch(), number - after.ordinal());
        }
        if (number > head) {
            retention.forget();
            feeds.cut(number);
            head = number;
        }
    }

    /** No event comes after this. */
    synchronized void end(StreamEnd reason) {
        over = over == StreamEnd.STOPPED ? over : reason;
    }

    // --- retention ---

    /** Trims what has expired. */
    @Override
    void ring() {
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
            settings.wheel().set(this, settings.wheel().at(oldest + settings.retainTicks()));
        }
    }

    /** Lets go of everything: nobody can ask for it any more. */
    void forget() {
        synchronized (this) {
            retention.forget();
        }
        settings.wheel().clear(this);
    }

    // --- figures ---

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
                feeds.topics(),
                feeds.selectors().length);
    }
}
