package eventsource.server.amqp;

import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;

/** Where messages come from. */
interface Origin {

    /** What it is called in the log. */
    String name();

    /** Whether messages are kept for us while we are not connected. */
    boolean isKept();

    /** Sees to the queue, and says what it is called. */
    String prepare(Channel channel) throws IOException;

    /** A queue of somebody else's. */
    static Origin queue(String queue) {
        return new Queue(queue);
    }

    /** A queue of our own at an exchange of somebody else's. */
    static Origin exchange(String exchange, String bindingKey) {
        return new Exchange(exchange, Objects.requireNonNull(bindingKey, "bindingKey"));
    }

    /** See {@link #queue}. */
    record Queue(String queue) implements Origin {

        @Override
        public String name() {
            return "the queue " + queue;
        }

        @Override
        public boolean isKept() {
            return true;
        }

        @Override
        public String prepare(Channel channel) {
            return queue;
        }
    }

    /** See {@link #exchange}. */
    record Exchange(String exchange, String bindingKey) implements Origin {

        @Override
        public String name() {
            return "the exchange " + exchange;
        }

        @Override
        public boolean isKept() {
            return false;
        }

        @Override
        public String prepare(Channel channel) throws IOException {
            boolean durable = false;
            boolean exclusive = true;
            boolean autoDelete = true;
            String queue = channel.queueDeclare("", durable, exclusive, autoDelete, Map.of())
                    .getQueue();
            channel.queueBind(queue, exchange, bindingKey);
            return queue;
        }
    }
}
