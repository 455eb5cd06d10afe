package eventsource.server;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What depends on the time in the life of a stream: heartbeats, and its end if it takes nothing, or has lived for long
 * enough.
 *
 * <p>Confinement. The timer sets {@code rang} and marks the stream; the rest belongs to the lane's turns.
 */
final class Watch extends Alarm {

    private static final long NEVER = Long.MIN_VALUE;
    private static final Duration FAR = Duration.ofDays(365);

    private final JournalStream stream;
    private final Settings settings;
    private volatile boolean rang;
    private boolean stopping;
    private long lastWrite;
    private long starvingSince;
    private long expires = NEVER;

    Watch(JournalStream stream, Settings settings) {
        this.stream = stream;
        this.settings = settings;
    }

    @Override
    void ring() {
        rang = true;
        stream.lane.mark(stream);
    }

    /** The stream is there, and starving until somebody takes its first bytes. */
    void begin(long now) {
        lastWrite = now;
        starvingSince = now;
        long lifetime = settings.lifetime() == null
                ? Long.MAX_VALUE
                : settings.lifetime().choose() * 1_000_000;
        if (stream.request().until() != null) {
            lifetime = Math.min(lifetime, until(stream.request().until()));
        }
        expires = lifetime == Long.MAX_VALUE ? NEVER : now + lifetime;
        set(now);
    }

    private static long until(Instant end) {
        Duration left = Duration.between(Instant.now(), end);
        return left.isNegative() ? 0 : left.compareTo(FAR) > 0 ? Long.MAX_VALUE : left.toNanos();
    }

    void end() {
        settings.wheel().clear(this);
    }

    void wrote(long now) {
        lastWrite = now;
        starvingSince = NEVER;
    }

    /** There is something to send, and no demand for it. */
    void starve(long now) {
        if (starvingSince == NEVER) {
            starvingSince = now;
        }
    }

    /** There is demand again. A heartbeat that could not be sent is still due. */
    void sate() {
        rang |= starvingSince != NEVER;
        starvingSince = NEVER;
    }

    /** Whether it is time to look; says so once. */
    boolean takeRang() {
        if (!rang) {
            return false; // and writes nothing: the alarm may ring just now
        }
        rang = false;
        return true;
    }

    boolean hasStalled(long now) {
        return starvingSince != NEVER && now - starvingSince >= settings.stallNanos();
    }

    boolean isSilent(long now) {
        return settings.keepaliveNanos() > 0 && now - lastWrite >= settings.keepaliveNanos();
    }

    /** With what the stream is to end, if its time has come; says so once. */
    @Nullable
    StreamEnd takeExpiry(long now) {
        if (expires == NEVER || now - expires < 0) {
            return null;
        }
        expires = NEVER;
        return stopping ? StreamEnd.STOPPED : StreamEnd.EXPIRED;
    }

    /** The server stops, and this stream with it at a time. */
    void stopAt(long time, long now) {
        stopping = true;
        if (expires == NEVER || time - expires < 0) {
            expires = time;
            set(now);
        }
    }

    /** Never further away than a heartbeat or a stall: so one that begins in between is noticed in time. */
    void set(long now) {
        long next = (starvingSince == NEVER ? now : starvingSince) + settings.stallNanos();
        if (settings.keepaliveNanos() > 0) {
            long beat = lastWrite + settings.keepaliveNanos();
            next = earlier(next, beat - now > 0 ? beat : now + settings.keepaliveNanos());
        }
        settings.wheel().set(this, expires == NEVER ? next : earlier(next, expires));
    }

    private static long earlier(long one, long other) {
        return one - other < 0 ? one : other;
    }
}
