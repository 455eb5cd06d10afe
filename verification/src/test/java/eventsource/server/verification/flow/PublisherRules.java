package eventsource.server.verification.flow;

import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.Test;

/** What both of our publishers have to keep to. */
abstract class PublisherRules extends FlowPublisherVerification<ByteBuffer> {

    /** How long the kit waits for what must come, and for what must not. */
    private static final TestEnvironment ENVIRONMENT = new TestEnvironment(30_000, 100);

    final FiniteStreams streams = new FiniteStreams();

    PublisherRules() {
        super(ENVIRONMENT, /* publisherReferenceGCTimeoutMillis= */ 30_000);
    }

    @Override
    public final Flow.Publisher<ByteBuffer> createFailedFlowPublisher() {
        return streams.taken();
    }

    /** The kit skips an optional rule that is broken. We mean to keep to those that are left in. */
    @Override
    public final void notVerified(String message) {
        throw new AssertionError(message);
    }

    /** Not applicable: there is no stream without a first element, the prelude. */
    @Override
    @Test(enabled = false)
    public final void optional_spec105_emptyStreamMustTerminateBySignallingOnComplete() {}

    @AfterMethod
    public final void stopServers() {
        streams.close();
    }
}
