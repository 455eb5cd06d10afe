package eventsource.server.verification.flow;

import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import org.testng.annotations.Test;

/** The body of a stream is a publisher as {@code Flow} means it, for one subscriber. */
public final class BodyFlowTest extends PublisherRules {

    @Override
    public Flow.Publisher<ByteBuffer> createFlowPublisher(long elements) {
        return streams.oneSubscriber(elements);
    }

    // Not applicable: a body is one client's. That a second subscriber is refused is what the "failed publisher" shows.

    @Override
    @Test(enabled = false)
    public void optional_spec111_maySupportMultiSubscribe() {}

    @Override
    @Test(enabled = false)
    public void optional_spec111_registeredSubscribersMustReceiveOnNextOrOnCompleteSignals() {}

    @Override
    @Test(enabled = false)
    public void
            optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingOneByOne() {}

    @Override
    @Test(enabled = false)
    public void
            optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingManyUpfront() {}

    @Override
    @Test(enabled = false)
    public void
            optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingManyUpfrontAndCompleteAsExpected() {}
}
