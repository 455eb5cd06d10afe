package eventsource.server.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/** What a test does at a broker itself, on a connection of its own. For one thread at a time. */
final class Broker implements AutoCloseable {

    private final Connection connection;
    private final Channel channel;

    Broker(int port) throws IOException, TimeoutException {
        connection = factory(port).newConnection("the test");
        channel = connection.createChannel();
        channel.confirmSelect();
    }

    static ConnectionFactory factory(int port) {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(port);
        factory.setAutomaticRecoveryEnabled(false);
        return factory;
    }

    /** A source that comes back soon. */
    static AmqpSourceBuilder source(int port, String queue) {
        return AmqpSource.queue(factory(port), queue).reconnect(Duration.ofMillis(5), Duration.ofMillis(100));
    }

    static void declare(Channel channel, String queue, Map<String, Object> arguments) throws IOException {
        channel.queueDeclare(queue, /* durable= */ true, /* exclusive= */ false, /* autoDelete= */ false, arguments);
    }

    Channel channel() {
        return channel;
    }

    void declare(String queue) throws IOException {
        declare(channel, queue, Map.of());
    }

    void send(String queue, String... texts) throws Exception {
        for (String text : texts) {
            send("", queue, text, MessageProperties.PERSISTENT_BASIC);
        }
        confirmed();
    }

    /** Sends the numbers from one to before another. */
    void sendNumbers(String queue, int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            AMQP.BasicProperties named = MessageProperties.PERSISTENT_BASIC
                    .builder()
                    .messageId("m" + i)
                    .build();
            send("", queue, Integer.toString(i), named);
        }
        confirmed();
    }

    void send(String exchange, String key, String text, AMQP.BasicProperties properties) throws IOException {
        channel.basicPublish(exchange, key, properties, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Waits until the broker has everything. */
    void confirmed() throws Exception {
        channel.waitForConfirmsOrDie(TimeUnit.SECONDS.toMillis(60));
    }

    /** Takes the next message that is delivered to nobody, and waits for it; it is put back when the broker is closed. */
    GetResponse take(String queue) throws Exception {
        List<GetResponse> got = new ArrayList<>();
        Await.until(() -> "no message in " + queue, () -> {
            GetResponse next = channel.basicGet(queue, /* autoAck= */ false);
            return next != null && got.add(next);
        });
        return got.get(0);
    }

    /** Whether there is no message that is delivered to nobody. */
    boolean isDrained(String queue) throws IOException {
        GetResponse next = channel.basicGet(queue, /* autoAck= */ false);
        if (next != null) {
            channel.basicReject(next.getEnvelope().getDeliveryTag(), /* requeue= */ true);
        }
        return next == null;
    }

    static String text(GetResponse response) {
        return new String(response.getBody(), StandardCharsets.UTF_8);
    }

    static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    @Override
    public void close() {
        connection.abort(5000);
    }
}
