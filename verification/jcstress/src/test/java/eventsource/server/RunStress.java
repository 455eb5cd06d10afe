package eventsource.server;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** What is pending is found while events are appended and trimmed: never with a hole, never torn unnoticed. */
public class RunStress {

    /** An event in two topics is in all of its feeds before the head has its number, and is taken once. */
    @JCStressTest
    @Outcome(id = "12, 2", expect = ACCEPTABLE, desc = "before")
    @Outcome(id = "123, 3", expect = ACCEPTABLE, desc = "after")
    @State
    public static class TwoTopics {

        private final Written written = Written.to(Written.options());
        private final Feed[] feeds = written.feeds("a", "b");

        public TwoTopics() {
            written.emit(1, 1, "a");
            written.emit(2, 2, "b");
        }

        @Actor
        public void append() {
            written.emit(3, 3, "a", "b");
        }

        @Actor
        public void drain(JJ_Result seen) {
            Written.read(feeds, 0, 0, written.journal.head(), seen);
        }
    }

    /** A stream that is overtaken by the tail is told so, however the slots are reused meanwhile. */
    @JCStressTest
    @Outcome(id = "45, 5", expect = ACCEPTABLE, desc = "before")
    @Outcome(id = "456, 6", expect = ACCEPTABLE, desc = "after the first, which trims nothing that was missing")
    @Outcome(id = "-1, 0", expect = ACCEPTABLE, desc = "lapped by the others")
    @State
    public static class Overtaken {

        private final Written written = Written.to(Written.options().retainPerTopic(3));
        private final Feed[] feeds = written.feeds("a");

        public Overtaken() {
            written.emit(1, 5, "a");
        }

        @Actor
        public void append() {
            written.emit(6, 9, "a");
        }

        @Actor
        public void drain(JJ_Result seen) {
            Written.read(feeds, 3, 3, written.journal.head(), seen);
        }
    }

    /** A stream that was told of a gap may lose more of what it was told of, but nothing that comes after that. */
    @JCStressTest
    @Outcome(
            id = {"345, 5", "45, 5", "5, 5", "0, 5"},
            expect = ACCEPTABLE,
            desc = "before")
    @Outcome(
            id = {"456, 6", "56, 6", "6, 6"},
            expect = ACCEPTABLE,
            desc = "after the first")
    @Outcome(
            id = {"567, 7", "67, 7"},
            expect = ACCEPTABLE,
            desc = "after the second")
    @Outcome(id = "678, 8", expect = ACCEPTABLE, desc = "after the third")
    @State
    public static class Told {

        private final Written written = Written.to(Written.options().retainPerTopic(3));
        private final Feed[] feeds = written.feeds("a");

        public Told() {
            written.emit(1, 5, "a");
        }

        @Actor
        public void append() {
            written.emit(6, 8, "a");
        }

        @Actor
        public void drain(JJ_Result seen) {
            Written.read(feeds, 2, 5, written.journal.head(), seen);
        }
    }

    /** A stream that has everything that is trimmed is not lapped, and misses nothing while the ring shrinks. */
    @JCStressTest
    @Outcome(id = "45, 5", expect = ACCEPTABLE, desc = "before the head")
    @Outcome(id = "456, 6", expect = ACCEPTABLE, desc = "after it")
    @State
    public static class Shrinking {

        private final Feed feed = Numbered.feed(5);
        private volatile long head = 5;

        @Actor
        public void trimAndAppend() {
            for (int number = 1; number <= 3; number++) {
                feed.removeOldest(Numbered.frame(number));
            }
            feed.add(Numbered.frame(6));
            head = 6;
        }

        @Actor
        public void drain(JJ_Result seen) {
            Written.read(feed.alone, 3, 3, head, seen);
        }
    }
}
