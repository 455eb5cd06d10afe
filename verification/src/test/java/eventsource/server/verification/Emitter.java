package eventsource.server.verification;

import eventsource.server.EventSourceServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Emits numbered events at a rate, in batches of a millisecond's worth. */
final class Emitter {

    private static final long BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final String REST = " " + "x".repeat(40);

    private final EventSourceServer server;
    private final List<String> ids = new ArrayList<>();
    private double rate;

    Emitter(EventSourceServer server) {
        this.server = server;
    }

    /** The number of the event with this data. */
    static int number(String data) {
        return Integer.parseInt(data.substring(0, data.indexOf(' ')));
    }

    /** Roughly how many bytes an event has on the wire. */
    static int bytesPerEvent() {
        return 80;
    }

    void emit(int events, int perSecond) {
        long nanosPerEvent = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long start = System.nanoTime();
        for (int number = 0; number < events; ) {
            long behind = System.nanoTime() - start - number * nanosPerEvent;
            if (behind < 0) {
                LockSupport.parkNanos(BATCH_NANOS);
                continue;
            }
            for (long due = 1 + behind / nanosPerEvent; due > 0 && number < events; due--) {
                ids.add(server.emit("load", number++ + REST)
                        .toCompletableFuture()
                        .join());
            }
        }
        rate = events * 1e9 / (System.nanoTime() - start);
    }

    /** The ids of what was emitted, in its order. */
    List<String> ids() {
        return ids;
    }

    double achievedRate() {
        return rate;
    }
}
