package eventsource.server.amqp;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * One connection to the broker, with one channel that consumes. It does not come back once it is lost, and delivery
 * tags mean something on their own link only: so what is late can never acknowledge another message.
 *
 * <p>For the source's thread. The client calls the callbacks on threads of its own.
 */
final class Link {

    private static final int CLOSING_MILLIS = (int) TimeUnit.SECONDS.toMillis(5);

    private final Connection connection;
    private final Channel channel;
    private final long since = System.nanoTime();
    private final AtomicInteger unsettled = new AtomicInteger();

    private Link(Connection connection, Channel channel) {
        this.connection = connection;
        this.channel = channel;
    }

    /**
     * Connects, and begins to consume. Blocks.
     *
     * @param delivered is given each message, perhaps before this returns
     * @param lost is told at least once when nothing more will come
     */
    static Link open(Settings settings, BiConsumer<Link, Delivery> delivered, BiConsumer<Link, Throwable> lost)
            throws IOException, TimeoutException {
        ConnectionFactory factory = settings.factory();
        String name = "events of " + settings.origin().name();
        Connection connection = settings.addresses().isEmpty()
                ? factory.newConnection(name)
                : factory.newConnection(settings.addresses(), name);
        try {
            Channel channel = Objects.requireNonNull(
                    connection.createChannel(), "the broker allows no channel on the connection");
            Link link = new Link(connection, channel);
            link.consume(settings, delivered, lost);
            return link;
        } catch (Throwable failure) {
            connection.abort(CLOSING_MILLIS);
            throw failure;
        }
    }

    private void consume(Settings settings, BiConsumer<Link, Delivery> delivered, BiConsumer<Link, Throwable> lost)
            throws IOException {
        channel.addShutdownListener(cause -> lost.accept(this, cause));
        settings.declaration().declare(channel);
        String queue = settings.origin().prepare(channel);
        channel.basicQos(settings.prefetch());
        boolean acknowledgedWithDelivery = false;
        channel.basicConsume(
                queue,
                acknowledgedWithDelivery,
                (tag, delivery) -> {
                    unsettled.incrementAndGet();
                    delivered.accept(this, delivery);
                },
                tag -> lost.accept(
                        this, new IOException("the broker has ended the delivery, as when the queue is deleted")));
    }

    /** The broker may forget the message. */
    void acknowledge(Delivery delivery) throws IOException {
        boolean thoseBefore = false;
        channel.basicAck(delivery.getEnvelope().getDeliveryTag(), thoseBefore);
        unsettled.decrementAndGet();
    }

    /** The broker is to do with the message what it does with dead ones. */
    void reject(Delivery delivery) throws IOException {
        boolean thoseBefore = false;
        boolean putBack = false;
        // The same as reject to RabbitMQ; Qpid would give us again what it lets nobody reject for good.
        channel.basicNack(delivery.getEnvelope().getDeliveryTag(), thoseBefore, putBack);
        unsettled.decrementAndGet();
    }

    /** How many messages were delivered and not settled. Any thread may ask. */
    int unsettled() {
        return unsettled.get();
    }

    /** For how long it has been there, in nanoseconds. */
    long age() {
        return System.nanoTime() - since;
    }

    /**
     * Closes the connection, after which the broker has what was not settled. Blocks for a while if the broker says
     * nothing.
     */
    void close() {
        connection.abort(CLOSING_MILLIS);
    }
}
