package eventsource.server;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** A lane is marked while it drains: whatever there was to see when it was marked is seen. */
public class LaneStress {

    private static final Journal EMPTY = Written.to(Written.options()).journal;
    private static final Wheel WHEEL = Shared.wheel();

    private static Lane lane(Executor executor) {
        return new Lane(executor, WHEEL, EMPTY);
    }

    /** Remembers how much there was to see when it was last drained. */
    private static final class Watch extends Mark {

        private final AtomicInteger there = new AtomicInteger();
        private int seen;

        void add(Lane lane) {
            there.getAndIncrement();
            lane.mark(this);
        }

        @Override
        void drain() {
            seen = there.get();
        }
    }

    /** Two threads mark the same. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "both were seen")
    @State
    public static class OneMark {

        private final Lane lane = lane(Runnable::run);
        private final Watch watch = new Watch();

        @Actor
        public void one() {
            watch.add(lane);
        }

        @Actor
        public void other() {
            watch.add(lane);
        }

        @Arbiter
        public void look(I_Result seen) {
            seen.r1 = watch.seen;
        }
    }

    /** Two threads mark different things of one lane, one of them twice. */
    @JCStressTest
    @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "all were seen")
    @State
    public static class TwoMarks {

        private final Lane lane = lane(Runnable::run);
        private final Watch twice = new Watch();
        private final Watch once = new Watch();

        @Actor
        public void one() {
            twice.add(lane);
            twice.add(lane);
        }

        @Actor
        public void other() {
            once.add(lane);
        }

        @Arbiter
        public void look(II_Result seen) {
            seen.r1 = twice.seen;
            seen.r2 = once.seen;
        }
    }

    /** Whoever joins an audience is woken by an append, or sees the head that this has moved. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "joined first")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "appended first")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "both")
    @State
    public static class Joining {

        private final Written written = Written.to(Written.options());
        private final Feed feed = written.feeds("a")[0];
        private final Lane lane = lane(turn -> woken = 1);
        private int woken;

        @Actor
        public void append() {
            written.emit(1, 1, "a");
        }

        @Actor
        public void join(II_Result seen) {
            written.journal.cursors().join(feed, lane);
            seen.r1 = (int) written.journal.head();
        }

        @Arbiter
        public void look(II_Result seen) {
            seen.r2 = woken;
        }
    }
}
