package eventsource.server;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;
import org.openjdk.jcstress.infra.results.J_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/** A feed's ring is read while it is filled, trimmed and replaced. */
public class RingStress {

    /** Whoever sees that there is a frame sees the frame, also where the ring was replaced for it. */
    @JCStressTest
    @Outcome(id = "3, 3", expect = ACCEPTABLE, desc = "before both")
    @Outcome(id = "4, 4", expect = ACCEPTABLE, desc = "between")
    @Outcome(id = "5, 5", expect = ACCEPTABLE, desc = "after both, in the larger ring")
    @State
    public static class Growing {

        private final Feed feed = Numbered.feed(3);

        @Actor
        public void append() {
            feed.add(Numbered.frame(4));
            feed.add(Numbered.frame(5));
        }

        @Actor
        public void readNewest(JJ_Result seen) {
            seen.r1 = feed.size();
            seen.r2 = Numbered.of(feed.at(seen.r1 - 1));
        }
    }

    /** Whoever loads a slot that was reused, and then the tail, knows it. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "before")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "trimmed after it was loaded")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "trimmed")
    @Outcome(id = "5, 1", expect = ACCEPTABLE, desc = "reused")
    @State
    public static class Reusing {

        private final Feed feed = Numbered.feed(4);

        @Actor
        public void trimAndAppend() {
            feed.removeOldest(Numbered.frame(1));
            feed.add(Numbered.frame(5));
        }

        @Actor
        public void readOldest(JJ_Result seen) {
            seen.r1 = Numbered.of(feed.at(0));
            seen.r2 = feed.tail();
        }
    }

    /** What follows a cursor is found whatever happens at both ends of the ring. */
    @JCStressTest
    @Outcome(id = "3", expect = ACCEPTABLE, desc = "the only right answer")
    @State
    public static class Finding {

        private final Feed feed = Numbered.feed(4);

        @Actor
        public void trimAndAppend() {
            feed.add(Numbered.frame(5));
            feed.removeOldest(Numbered.frame(1));
            feed.removeOldest(Numbered.frame(2));
        }

        @Actor
        public void find(J_Result seen) {
            seen.r1 = Numbered.of(feed.at(feed.firstAfter(2)));
        }
    }

    /** A frame is still there, or shows as trimmed: a stream is not taken for one that has everything. */
    @JCStressTest
    @Outcome(id = "true", expect = ACCEPTABLE, desc = "the only right answer")
    @State
    public static class TrimmingTheNewest {

        private final Feed feed = Numbered.feed(1);

        @Actor
        public void trim() {
            feed.removeOldest(Numbered.frame(1));
        }

        @Actor
        public void look(Z_Result seen) {
            seen.r1 = feed.hasAfter(0);
        }
    }
}
