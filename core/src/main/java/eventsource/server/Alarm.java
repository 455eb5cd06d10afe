package eventsource.server;

import org.jspecify.annotations.Nullable;

/**
 * Something that wants to be called at a certain time, one time at once; it has its place in a {@link Wheel}. All fields
 * are guarded by the wheel's lock.
 */
abstract class Alarm {

    long due;
    int bucket = -1;

    @Nullable
    Alarm previous;

    @Nullable
    Alarm next;

    /** It is time. Called on the timer's thread. */
    abstract void ring();
}
