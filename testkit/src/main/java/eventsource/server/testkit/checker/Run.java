package eventsource.server.testkit.checker;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client has received over one or more connections that go on where the one before has ended: each event once, in
 * order.
 */
final class Run {

    /** Stands for no emission. */
    static final int NONE = -1;

    /** A part of a run within which nothing may be missing. */
    static final class Stretch {

        /** How many events of the run come before. */
        final int from;

        /** How far each emitter was when the stretch began, or sooner. */
        final Progress begun;

        /** How many events of the run there were when it ended. */
        int to;

        /** The emission at whose place it starts. */
        int place = NONE;

        /** Whether everything after that place is due, and not only what a gap has left of each topic. */
        boolean isResumed;

        /** How far each emitter was when the client had caught up. */
        @Nullable
        Progress caughtUp;

        Stretch(int from, Progress begun) {
            this.from = from;
            this.begun = begun;
        }
    }

    private final ClientRecorder client;
    private final Feeds feeds;
    private final Ints events = new Ints();
    private final Ints returns = new Ints();
    private final List<Stretch> stretches = new ArrayList<>();

    Run(ClientRecorder client, Feeds feeds, Progress begun) {
        this.client = client;
        this.feeds = feeds;
        stretches.add(new Stretch(0, begun));
    }

    ClientRecorder client() {
        return client;
    }

    Feeds feeds() {
        return feeds;
    }

    /** The emissions that were received. */
    Ints events() {
        return events;
    }

    List<Stretch> stretches() {
        return stretches;
    }

    Stretch last() {
        return stretches.get(stretches.size() - 1);
    }

    /** Something may be missing from here on, and then nothing. */
    Stretch interrupt(Progress begun) {
        end();
        stretches.add(new Stretch(events.size(), begun));
        return last();
    }

    void end() {
        last().to = events.size();
    }

    /** The client came back, and was resumed. */
    void comeBack() {
        returns.add(events.size());
    }

    /** Whether the client came back after one event and not later than right before another. */
    boolean cameBackBetween(int one, int other) {
        for (int i = 0; i < returns.size(); i++) {
            if (returns.get(i) > one && returns.get(i) <= other) {
                return true;
            }
        }
        return false;
    }
}
