package eventsource.server.verification.flow;

import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/** An out-supply is a publisher as {@code Flow} means it, for any number of subscribers. */
public final class OutSupplyFlowTest extends PublisherRules {

    @Override
    public Flow.Publisher<ByteBuffer> createFlowPublisher(long elements) {
        return streams.manySubscribers(elements);
    }
}
