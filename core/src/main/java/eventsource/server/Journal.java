package eventsource.server;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The recent frames of a server in their order, and the feeds of its topics.
 *
 * <p>Confinement. What changes it holds {@link #lock}, a leaf: nothing foreign is called under it, and alarms and marks
 * are set after it. Draining takes no lock: it reads {@link #head} and then feeds. An append fills all feeds of a frame
 * before it moves the head, and looks for audiences to wake only then; a stream joins its audiences before it reads the
 * head. So one of the two sees the other.
 */
final class Journal {

    private final Settings settings;
    private final Epoch epoch = new Epoch();
    private final ReentrantLock lock = new ReentrantLock();
    private final Feeds feeds = new Feeds();
    private final Map<String, CallersId> callersIds = new HashMap<>(2);
    private final Alarm alarm = new Alarm(this::trimExpired);

    private volatile long head;
    private volatile boolean stopped;

    private @Nullable Frame oldest;
    private @Nullable Frame newest;
    private long bytes;
    private boolean alarmed;

    Journal(Settings settings) {
        this.settings = settings;
    }

    // --- from any thread, without a lock ---

    /** The number of the newest frame; 0 before the first. */
    long head() {
        return head;
    }

    /** Whether the head is the last one. */
    boolean isStopped() {
        return stopped;
    }

    /** The id that stands for a place, whatever id the event there has. */
    String id(long number) {
        return epoch.id(number);
    }

    // --- append ---

    /**
     * Appends an event and marks the lanes of whoever follows one of its topics.
     *
     * @return the id on the wire, or null after {@link #stop}
     */
    @Nullable
    String append(Emission emission) {
        Event event = emission.event();
        byte[] fields = Frame.fields(event);
        if (fields.length > settings.maxEventBytes()) {
            throw new IllegalArgumentException("event has " + fields.length + " bytes; " + settings.maxEventBytes()
                    + " are allowed, so split it, or raise maxEventBytes on the builder");
        }
        long now = settings.wheel().now();
        String id;
        Feed[] to;
        long due;
        lock.lock();
        try {
            if (stopped) {
                return null;
            }
            long number = head + 1;
            id = event.id() == null ? epoch.id(number) : event.id();
            to = feeds.of(emission.topics());
            Frame frame = Frame.of(number, now, to, event.id(), fields, id);
            link(frame);
            for (Feed feed : to) {
                if (feed.isEmpty()) {
                    bytes += feed.charge();
                }
                feed.add(frame);
                trimTopic(feed);
            }
            head = number;
            trim(now);
            due = nextAlarm();
        } finally {
            lock.unlock();
        }
        setAlarm(due);
        wake(to);
        return id;
    }

    private void link(Frame frame) {
        frame.older = newest;
        if (newest == null) {
            oldest = frame;
        } else {
            newest.newer = frame;
        }
        newest = frame;
        bytes += frame.charge();
        if (frame.callersId != null) {
            callersIds.computeIfAbsent(frame.callersId, id -> new CallersId(frame)).retained++;
        }
    }

    /**
     * Where an id of the caller's leads to: the first event that has it, until that is trimmed; then nowhere, as long as a
     * later one is retained that a client could also mean.
     */
    private static final class CallersId {
        private @Nullable Frame first;
        private int retained;

        CallersId(Frame first) {
            this.first = first;
        }
    }

    private static void wake(Feed[] feeds) {
        for (Feed feed : feeds) {
            for (Audience audience : feed.audiences()) {
                audience.lane.mark(audience);
            }
        }
    }

    /** No event comes after this. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
        } finally {
            lock.unlock();
        }
    }

    // --- retention ---

    private void trimTopic(Feed feed) {
        if (settings.retainPerTopic() == 0 || feed.size() <= settings.retainPerTopic()) {
            return;
        }
        Frame frame = feed.oldest();
        if (frame != null) {
            feed.removeOldest(frame); // and the one just added stays, so the feed does not become empty
            if (!isSomewhere(frame)) {
                unlink(frame);
            }
        }
    }

    private static boolean isSomewhere(Frame frame) {
        for (Feed feed : frame.feeds) {
            Frame first = feed.oldest();
            if (first != null && first.number <= frame.number) {
                return true;
            }
        }
        return false;
    }

    /** Trims what is too old or too much. The newest frame goes only when it is too old, however large it is. */
    private void trim(long now) {
        for (Frame frame = oldest; frame != null; frame = oldest) {
            boolean tooMuch = bytes > settings.retainBytes() && frame != newest;
            if (!tooMuch && !isExpired(frame, now)) {
                return;
            }
            drop(frame);
        }
    }

    private void drop(Frame frame) {
        for (Feed feed : frame.feeds) {
            if (feed.oldest() == frame) {
                feed.removeOldest(frame);
                bytes -= feed.isEmpty() ? feed.charge() : 0;
                feeds.tidy(feed);
            }
        }
        unlink(frame);
    }

    /** Lets go of everything: nobody can ask for it any more. */
    void forget() {
        lock.lock();
        try {
            while (oldest != null) {
                drop(oldest);
            }
        } finally {
            lock.unlock();
        }
        settings.wheel().clear(alarm);
    }

    private boolean isExpired(Frame frame, long now) {
        return settings.retainNanos() > 0 && now - frame.since >= settings.retainNanos();
    }

    private void unlink(Frame frame) {
        if (frame.older == null) {
            oldest = frame.newer;
        } else {
            frame.older.newer = frame.newer;
        }
        if (frame.newer == null) {
            newest = frame.older;
        } else {
            frame.newer.older = frame.older;
        }
        // A reader may still hold the frame; it must not hold all that came after.
        frame.older = null;
        frame.newer = null;
        bytes -= frame.charge();
        CallersId id = frame.callersId == null ? null : callersIds.get(frame.callersId);
        if (id != null) {
            if (id.first == frame) {
                id.first = null;
            }
            if (--id.retained == 0) {
                callersIds.remove(frame.callersId);
            }
        }
    }

    private void trimExpired() {
        long now = settings.wheel().now();
        long due;
        lock.lock();
        try {
            alarmed = false;
            trim(now);
            due = nextAlarm();
        } finally {
            lock.unlock();
        }
        setAlarm(due);
    }

    /** When the alarm has to be set to, or 0 if it is set already or not needed. */
    private long nextAlarm() {
        if (alarmed || oldest == null || settings.retainNanos() == 0) {
            return 0;
        }
        alarmed = true;
        long due = oldest.since + settings.retainNanos();
        return due == 0 ? 1 : due;
    }

    private void setAlarm(long due) {
        if (due != 0) {
            settings.wheel().set(alarm, due);
        }
    }

    // --- streams ---

    /** Where a stream starts: it has everything up to {@code after}, and knows what it misses up to {@code told}. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and the array is the feeds' own
    record Start(Feed[] feeds, long after, long told, Resume.Outcome outcome) {}

    /** Finds where a stream starts, and holds on to its feeds until {@link #leave}. */
    Start enter(StreamRequest request) {
        long now = settings.wheel().now();
        lock.lock();
        try {
            trim(now);
            Feed[] from = feeds.of(request.topics());
            long trimmed = 0;
            for (Feed feed : from) {
                feed.streams++;
                trimmed = Math.max(trimmed, feed.trimmed());
            }
            String id = request.lastEventId();
            if (id == null) {
                return request.isFromEarliest()
                        ? earliest(from, 0, trimmed, Resume.Outcome.LIVE)
                        : new Start(from, head, head, Resume.Outcome.LIVE);
            }
            long number = locate(id);
            if (number >= trimmed) {
                return new Start(from, number, number, Resume.Outcome.RESUMED);
            }
            return request.gapStart() == GapStart.LIVE
                    ? new Start(from, head, head, Resume.Outcome.GAP)
                    : earliest(from, Math.max(0, number), trimmed, Resume.Outcome.GAP);
        } finally {
            lock.unlock();
        }
    }

    /** The number of the event with this id, or -1 if nothing proves that it is one of ours. */
    private long locate(String id) {
        CallersId callers = callersIds.get(id);
        if (callers != null) {
            return callers.first == null ? -1 : callers.first.number;
        }
        long number = epoch.number(id);
        return number <= head ? number : -1;
    }

    /** Starts before the first retained frame after a number, as close to it as can be. */
    private Start earliest(Feed[] from, long number, long trimmed, Resume.Outcome outcome) {
        long first = head + 1;
        for (Feed feed : from) {
            Frame frame = feed.at(feed.firstAfter(number));
            if (frame != null) {
                first = Math.min(first, frame.number);
            }
        }
        return new Start(from, first - 1, Math.max(first - 1, trimmed), outcome);
    }

    void leave(Feed[] from) {
        lock.lock();
        try {
            for (Feed feed : from) {
                feed.streams--;
                feeds.tidy(feed);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The audience of a lane on a feed, which is woken from now on. */
    Audience join(Feed feed, Lane lane) {
        Audience audience = audience(feed, lane);
        if (audience == null) {
            audience = new Audience(feed, lane);
            lock.lock();
            try {
                feed.join(audience);
            } finally {
                lock.unlock();
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
            lock.lock();
            try {
                feed.leave(audience);
            } finally {
                lock.unlock();
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
