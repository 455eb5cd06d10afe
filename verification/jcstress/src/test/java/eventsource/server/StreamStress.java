package eventsource.server;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** What two threads do to one stream at the same time. The first element that a stream is sent is its prelude. */
public class StreamStress {

    /** A server, and what its listener hears. */
    abstract static class Heard implements StreamListener {

        final EventSourceServer server = Written.options().listener(this).build();
        int closed; // written in turns

        @Override
        public void closed(EventStream stream, StreamEnd end) {
            closed++;
        }

        final EventStream open() {
            return server.open(StreamRequest.own()).toCompletableFuture().join();
        }
    }

    /** An event and the demand for it do not miss each other. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "the event was sent")
    @State
    public static class EventAndDemand extends Heard {

        private final Taking client = new Taking(1).on(open().body());

        @Actor
        public void emit() {
            server.emit("event");
        }

        @Actor
        public void request() {
            client.request(1);
        }

        @Arbiter
        public void look(I_Result seen) {
            seen.r1 = client.elements;
        }
    }

    /** Two requests for one element each are one for two: the first bytes and the event after them. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "both elements were sent")
    @State
    public static class DemandTwice extends Heard {

        private final Taking client = new Taking(0).on(open().body());

        public DemandTwice() {
            server.emit("event");
        }

        @Actor
        public void one() {
            client.request(1);
        }

        @Actor
        public void other() {
            client.request(1);
        }

        @Arbiter
        public void look(I_Result seen) {
            seen.r1 = client.elements;
        }
    }

    /** An event that is emitted while the stream's first subscriber comes reaches it. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "the event was sent")
    @State
    public static class EventAndSubscription extends Heard {

        private final EventStream stream = open();
        private final Taking client = new Taking(2);

        @Actor
        public void emit() {
            server.emit("event");
        }

        @Actor
        public void subscribe() {
            client.on(stream.body());
        }

        @Arbiter
        public void look(I_Result seen) {
            seen.r1 = client.elements;
        }
    }

    /** The last stream of a topic leaves, and with it its audience, while the next one joins. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "whoever came is woken")
    @State
    public static class LeavingAndComing extends Heard {

        private final Taking leaving = new Taking(1).on(open().body());
        private final EventStream stream = open();
        private final Taking coming = new Taking(2);

        @Actor
        public void leave() {
            leaving.cancel();
        }

        @Actor
        public void come() {
            coming.on(stream.body());
        }

        @Arbiter
        public void look(I_Result seen) {
            server.emit("event");
            seen.r1 = coming.elements;
        }
    }

    /** Whatever ends a stream, it ends once. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "cancelled")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "ended")
    @State
    public static class EndAndCancellation extends Heard {

        private final EventStream stream = open();
        private final Taking client = new Taking(2).on(stream.body());

        @Actor
        public void end() {
            stream.end();
        }

        @Actor
        public void cancel() {
            client.cancel();
        }

        @Arbiter
        public void look(II_Result seen) {
            seen.r1 = closed;
            seen.r2 = client.ends;
        }
    }

    /** An event is refused by a stopped server, or reaches every stream before its end. */
    @JCStressTest
    @Outcome(id = "1, 2, 1", expect = ACCEPTABLE, desc = "accepted, sent and ended")
    @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "refused and ended")
    @State
    public static class EventAndStop extends Heard {

        private final Taking client = new Taking(3).on(open().body());

        @Actor
        public void emit(III_Result seen) {
            seen.r1 = server.emit("event").toCompletableFuture().isCompletedExceptionally() ? 0 : 1;
        }

        @Actor
        public void stop() {
            server.stop();
        }

        @Arbiter
        public void look(III_Result seen) {
            seen.r2 = client.elements;
            seen.r3 = client.ends;
        }
    }

    /** A stream that is opened while the server stops is refused, or ended; and the stop comes to its end. */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "opened, and ended")
    @Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "refused")
    @State
    public static class OpenAndStop extends Heard {

        @Actor
        public void open(III_Result seen) {
            var opening = server.open(StreamRequest.own()).toCompletableFuture();
            seen.r1 = opening.isCompletedExceptionally() ? 0 : 1;
        }

        @Actor
        public void stop() {
            server.stop();
        }

        @Arbiter
        public void look(III_Result seen) {
            seen.r2 = closed;
            seen.r3 = server.stop().toCompletableFuture().isDone() ? 1 : 0;
        }
    }
}
