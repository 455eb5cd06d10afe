package eventsource.server.amqp;

import com.rabbitmq.client.Delivery;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What a source counts. The source's thread counts, and any thread may look. */
final class Tally {

    final LongAdder acknowledged = new LongAdder();
    final LongAdder rejected = new LongAdder();
    final LongAdder repeated = new LongAdder();
    final LongAdder interruptions = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder redelivered = new LongAdder();

    void received(Delivery delivery) {
        received.increment();
        if (delivery.getEnvelope().isRedeliver()) {
            redelivered.increment();
        }
    }

    AmqpFigures figures(@Nullable Link link) {
        return new AmqpFigures(
                link != null,
                received.sum(),
                redelivered.sum(),
                acknowledged.sum(),
                rejected.sum(),
                repeated.sum(),
                interruptions.sum(),
                link == null ? 0 : link.unsettled());
    }
}
