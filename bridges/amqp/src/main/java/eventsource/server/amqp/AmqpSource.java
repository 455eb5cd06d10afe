package eventsource.server.amqp;

import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * A queue or an exchange of RabbitMQ, whose messages an event source server emits.
 *
 * <pre>{@code
 * AmqpSource orders = AmqpSource.queue(factory, "orders")
 *         .supplyTo(events, delivery -> Emission.of(Event.of("order", AmqpSource.text(delivery))));
 * }</pre>
 *
 * <p>A message is acknowledged when its event was stored: when {@link eventsource.server.EventSourceServer#emit} has
 * completed, which with an event log means that the log has it. Whatever happens before that, the broker still has the
 * message, and delivers it again. So no message is lost, and none is emitted twice that the broker did not deliver
 * twice; see {@link AmqpSourceBuilder#distinctBy} for those. Messages are emitted in the order in which they are
 * delivered.
 *
 * <p>A message of which no event can be made is rejected and not put back: the broker gives it to the queue's
 * dead-letter exchange, or drops it if there is none. When the connection is lost, the source connects again, for as
 * long as it is not stopped.
 *
 * <p>A source has one connection and one thread of its own, on which the mapper and the listener are called. Any thread
 * may call its methods, none of which blocks.
 */
public final class AmqpSource implements AutoCloseable {

    private final Consumption consumption;
    private final Flow.Subscription supply;

    AmqpSource(Consumption consumption, Flow.Subscription supply) {
        this.consumption = consumption;
        this.supply = supply;
    }

    /**
     * Takes messages from a queue, which has to be there, or to be {@linkplain AmqpSourceBuilder#declaring declared}.
     * Several sources of one queue, on several machines, share its messages: each message goes to one of them.
     *
     * @param factory makes connections. A copy of it is used, without automatic recovery, which the source does itself
     * @param queue the queue's name, not empty
     * @return a builder with the defaults
     */
    public static AmqpSourceBuilder queue(ConnectionFactory factory, String queue) {
        if (queue.isEmpty()) {
            throw new IllegalArgumentException("the queue's name is empty; name a queue, or an exchange");
        }
        return new AmqpSourceBuilder(factory, Origin.queue(queue));
    }

    /**
     * Takes what is published to an exchange, which has to be there, or to be {@linkplain AmqpSourceBuilder#declaring
     * declared}: from a queue that is this source's alone and exists as long as its connection. Several sources of one
     * exchange are each given every message. What is published while the source is not connected it does not get:
     * {@link AmqpSourceListener#connected} says when that may have happened. Where nothing may be lost, take a queue.
     *
     * @param factory makes connections. A copy of it is used, without automatic recovery, which the source does itself
     * @param exchange the exchange's name, not empty: there is nothing to bind to the default exchange
     * @param bindingKey what to take, such as {@code orders.#} of a topic exchange; exchanges of some types do not look
     *     at it
     * @return a builder with the defaults
     */
    public static AmqpSourceBuilder exchange(ConnectionFactory factory, String exchange, String bindingKey) {
        if (exchange.isEmpty()) {
            throw new IllegalArgumentException("the exchange's name is empty; name an exchange, or a queue");
        }
        return new AmqpSourceBuilder(factory, Origin.exchange(exchange, bindingKey));
    }

    /**
     * The text of a message in UTF-8.
     *
     * @param delivery the message
     * @return its body
     * @throws IllegalArgumentException if the body is not UTF-8; when a mapper throws that, the message is rejected
     */
    public static String text(Delivery delivery) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(delivery.getBody()))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new IllegalArgumentException(
                    "the body is not UTF-8; send it in UTF-8, or decode it in the mapper", malformed);
        }
    }

    /**
     * What the source did and has.
     *
     * @return the figures of now
     */
    public AmqpFigures figures() {
        return consumption.figures();
    }

    /**
     * Stops the source. Nothing more is emitted. An event that is being stored is waited for, up to five seconds, and
     * its message acknowledged; all others that were delivered are put back into their queue. Stopping the event source
     * server does the same, and so does an event log that fails for good. Stopping twice is the same as once.
     *
     * @return completes when the connection is closed; if an attempt to connect is under way, after that
     */
    public CompletionStage<Void> stop() {
        supply.cancel();
        return consumption.ended();
    }

    /** The same as {@link #stop}; does not wait. */
    @Override
    public void close() {
        stop();
    }

    /** What a message of a failure is about: never its body, which may be private. */
    static String describe(Delivery delivery) {
        return "a message with the routing key \"" + delivery.getEnvelope().getRoutingKey() + "\" of the exchange \""
                + delivery.getEnvelope().getExchange() + "\"";
    }
}
