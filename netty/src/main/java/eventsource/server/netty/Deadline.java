package eventsource.server.netty;

import org.jspecify.annotations.Nullable;

/** By when something has to have happened on a connection. Belongs to the connection's event loop. */
final class Deadline {

    final Runnable missed;

    @Nullable
    Deadline earlier;

    @Nullable
    Deadline later;

    long due;
    boolean set;

    Deadline(Runnable missed) {
        this.missed = missed;
    }
}
