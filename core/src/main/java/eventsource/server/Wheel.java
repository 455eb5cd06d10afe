package eventsource.server;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All alarms of a process on one timer: a timing wheel with a resolution of 100 ms. Setting an alarm, moving it and taking
 * it away cost the same however many there are. While there is none, nothing is scheduled.
 *
 * <p>Confinement. Everything is guarded by {@link #lock}, a leaf: alarms ring outside of it, on the timer's thread.
 */
final class Wheel {

    static final long TICK = TimeUnit.MILLISECONDS.toNanos(100);

    private static final int BUCKETS = 512;

    private final ScheduledExecutorService timer;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final @Nullable Alarm[] buckets = new Alarm[BUCKETS];
    private final long origin;
    private int alarms;
    private boolean ticking;
    private long turned; // the tick up to which everything due has rung

    Wheel(ScheduledExecutorService timer, LongSupplier nanoTime) {
        this.timer = timer;
        this.nanoTime = nanoTime;
        origin = nanoTime.getAsLong();
        turned = Math.floorDiv(origin, TICK);
    }

    /** The time, in nanoseconds that mean nothing but their differences. */
    long now() {
        return nanoTime.getAsLong();
    }

    /** The number of whole ticks since the wheel began: enough for years. */
    int ticks() {
        return (int) ((now() - origin) / TICK);
    }

    /** The number of ticks since the wheel began, rounded up: what is kept from then on is not let go early. */
    int ticksBegun() {
        return (int) -Math.floorDiv(origin - now(), TICK);
    }

    /** The time at which there will have been so many ticks. */
    long at(int ticks) {
        return origin + ticks * TICK;
    }

    /** Has an alarm ring at a time, up to 100 ms late, instead of whenever it was to ring before. */
    void set(Alarm alarm, long due) {
        boolean start;
        lock.lock();
        try {
            unlink(alarm);
            alarm.due = due;
            // What is due already rings at the next tick: the bucket of a past one would come round only much later.
            link(alarm, Math.floorMod(Math.max(tickAfter(due), turned + 1), BUCKETS));
            start = startTicking();
        } finally {
            lock.unlock();
        }
        schedule(start);
    }

    /** Takes an alarm away. One that is ringing just now rings to the end. */
    void clear(Alarm alarm) {
        lock.lock();
        try {
            unlink(alarm);
        } finally {
            lock.unlock();
        }
    }

    private void turn() {
        try {
            tick();
        } catch (Throwable failure) { // as when there is no memory
            letTickAgain();
            Foreign.log(Level.ERROR, "alarms could not be rung; they wait for the next one that is set", failure);
        }
    }

    private void letTickAgain() {
        lock.lock();
        try {
            ticking = false;
        } finally {
            lock.unlock();
        }
    }

    private void tick() {
        List<Alarm> due = new ArrayList<>();
        boolean goOn;
        long now = now();
        lock.lock();
        try {
            long tick = Math.floorDiv(now, TICK);
            for (long i = Math.max(turned + 1, tick - BUCKETS + 1); i <= tick; i++) {
                takeDue(Math.floorMod(i, BUCKETS), now, due);
            }
            turned = Math.max(turned, tick);
            ticking = false;
            goOn = startTicking();
        } finally {
            lock.unlock();
        }
        schedule(goOn);
        for (Alarm alarm : due) {
            Foreign.call("an alarm", alarm::ring);
        }
    }

    private void takeDue(int bucket, long now, List<Alarm> due) {
        Alarm alarm = buckets[bucket];
        while (alarm != null) {
            Alarm next = alarm.next;
            if (alarm.due <= now) {
                unlink(alarm);
                due.add(alarm);
            }
            alarm = next;
        }
    }

    /** Whether the caller has to schedule the next tick, once it has let go of the lock: the timer may be foreign. */
    private boolean startTicking() {
        if (ticking || alarms == 0) {
            return false;
        }
        ticking = true;
        return true;
    }

    private void schedule(boolean wanted) {
        if (!wanted) {
            return;
        }
        try {
            timer.schedule(this::turn, TICK, TimeUnit.NANOSECONDS);
        } catch (Throwable refused) { // an Error as well, as when there is no thread to be had
            // Streams must end even where the application's timer ended first.
            Foreign.log(Level.DEBUG, "the timer refused a tick, which goes to the shared one", refused);
            scheduleElsewhere();
        }
    }

    private void scheduleElsewhere() {
        try {
            Shared.timer().schedule(this::turn, TICK, TimeUnit.NANOSECONDS);
        } catch (Throwable refused) {
            letTickAgain();
            Foreign.log(Level.ERROR, "no thread is to be had; alarms wait for the next one that is set", refused);
        }
    }

    private void link(Alarm alarm, int bucket) {
        Alarm first = buckets[bucket];
        alarm.bucket = bucket;
        alarm.next = first;
        if (first != null) {
            first.previous = alarm;
        }
        buckets[bucket] = alarm;
        alarms++;
    }

    private void unlink(Alarm alarm) {
        if (alarm.bucket < 0) {
            return;
        }
        if (alarm.previous == null) {
            buckets[alarm.bucket] = alarm.next;
        } else {
            alarm.previous.next = alarm.next;
        }
        if (alarm.next != null) {
            alarm.next.previous = alarm.previous;
        }
        alarm.bucket = -1;
        alarm.previous = null;
        alarm.next = null;
        alarms--;
    }

    /** Rounded up, so that nothing rings early. */
    private static long tickAfter(long nanos) {
        return -Math.floorDiv(-nanos, TICK);
    }
}
