package eventsource.server.amqp;

import com.rabbitmq.client.Delivery;

/**
 * Hears what happens to an {@link AmqpSource}. The methods are called on the source's thread, one after the other;
 * while one of them runs, nothing is emitted. What a listener throws is logged and changes nothing.
 */
public interface AmqpSourceListener {

    /**
     * The source is connected, and consumes.
     *
     * @param mayHaveMissed whether messages may have been published that this source will not get: true for an exchange when
     *     the source was connected before; never for a queue. Tell your clients, if they need to know
     */
    default void connected(boolean mayHaveMissed) {}

    /**
     * The source has lost its connection, or could not connect. It goes on trying; this is called once until it has
     * succeeded.
     *
     * @param why the reason
     */
    default void disconnected(Throwable why) {}

    /**
     * A message was rejected, because no event could be made of it.
     *
     * @param delivery the message
     * @param why what the mapper has thrown, or why the server does not accept the event
     */
    default void rejected(Delivery delivery, Throwable why) {}
}
