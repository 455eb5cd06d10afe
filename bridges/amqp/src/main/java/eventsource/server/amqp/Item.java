package eventsource.server.amqp;

import com.rabbitmq.client.Delivery;
import eventsource.server.Emission;
import org.jspecify.annotations.Nullable;

/**
 * A message that is being emitted.
 *
 * @param link the connection that it came on, and the only one on which it can be settled
 * @param delivery the message
 * @param id what it is recognised by, or null
 * @param emission what was made of it
 */
record Item(Link link, Delivery delivery, @Nullable String id, Emission emission) {}
