package eventsource.server.verification.flow;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;

/** What a server subscribes to a supply with is a subscriber as {@code Flow} means it. */
public final class SupplyFlowTest extends FlowSubscriberBlackboxVerification<Event> {

    private final EventSourceServer server = EventSourceServer.create();

    public SupplyFlowTest() {
        super(new TestEnvironment(30_000, 100));
    }

    @Override
    public Flow.Subscriber<Event> createFlowSubscriber() {
        AtomicReference<Flow.Subscriber<? super Event>> subscriber = new AtomicReference<>();
        server.supply(subscriber::set);
        return new Narrow(subscriber.get());
    }

    @Override
    public Event createElement(int element) {
        return Event.of("element " + element);
    }

    /** The subscriber of a supply takes events; the kit wants one that takes nothing but events. */
    private record Narrow(Flow.Subscriber<? super Event> to) implements Flow.Subscriber<Event> {

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            to.onSubscribe(subscription);
        }

        @Override
        public void onNext(Event event) {
            to.onNext(event);
        }

        @Override
        public void onError(Throwable failure) {
            to.onError(failure);
        }

        @Override
        public void onComplete() {
            to.onComplete();
        }
    }
}
