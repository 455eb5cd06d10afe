package eventsource.server;

import org.jspecify.annotations.Nullable;

/**
 * A place in a {@link Wheel} for something that wants to be called at a certain time, one time at once. All fields are
 * guarded by the wheel's lock.
 */
final class Alarm {

    final Runnable target;
    long due;
    int bucket = -1;

    @Nullable
    Alarm previous;

    @Nullable
    Alarm next;

    Alarm(Runnable target) {
        this.target = target;
    }
}
