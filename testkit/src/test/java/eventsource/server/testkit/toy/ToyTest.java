package eventsource.server.testkit.toy;

import eventsource.server.spi.HttpManners;
import eventsource.server.testkit.RunningTransport;
import eventsource.server.testkit.TransportContract;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A transport passes the contract that has no fault, or else fails the cases that its fault breaks: see ToyFaultsTest. */
@DisplayName("A transport of plain sockets")
class ToyTest extends TransportContract {

    static final String FAULT = "toy.fault";

    private @Nullable Fault fault;

    @RegisterExtension
    final BeforeEachCallback choosing = test ->
            fault = test.getConfigurationParameter(FAULT).map(Fault::valueOf).orElse(null);

    @Override
    protected RunningTransport start(HttpManners manners) throws IOException {
        return new ToyTransport(manners, fault);
    }

    /** A failure need not take long. */
    @Override
    protected Duration soon() {
        return fault == null ? super.soon() : Duration.ofSeconds(2);
    }

    /** One for each stream. */
    @Override
    protected int threadsOfStalledStreams() {
        return fault == Fault.STATES_TOO_LITTLE ? 32 : 1_100;
    }
}
