package eventsource.server.examples.amqp;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends numbers to a queue, each once and never again, and notes which of them the broker has confirmed: the broker has
 * promised to keep these. Goes on when the broker has been away.
 */
final class Sending extends Thread {

    static final String END = "end";

    private static final int BATCH = 100;

    private final ConnectionFactory factory;
    private final String queue;
    private final List<Integer> confirmed = new ArrayList<>(); // guarded by this
    private volatile boolean ending;
    private int next;

    Sending(ConnectionFactory factory, String queue) {
        super("sending");
        this.factory = factory;
        this.queue = queue;
        factory.setAutomaticRecoveryEnabled(false);
        setDaemon(true);
    }

    @Override
    public void run() {
        while (!ending) {
            try (Connection connection = factory.newConnection("sending")) {
                Channel channel = connection.createChannel();
                channel.confirmSelect();
                while (!ending) {
                    sendBatch(channel);
                }
            } catch (IOException | TimeoutException | ShutdownSignalException away) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            } catch (InterruptedException strange) {
                return;
            }
        }
    }

    private void sendBatch(Channel channel) throws IOException, TimeoutException, InterruptedException {
        List<Integer> batch = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            batch.add(next);
            publish(channel, Integer.toString(next++));
        }
        if (channel.waitForConfirms(TimeUnit.SECONDS.toMillis(30))) {
            synchronized (this) {
                confirmed.addAll(batch);
            }
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5)); // no more than a small machine passes on
    }

    private void publish(Channel channel, String text) throws IOException {
        channel.basicPublish(
                "",
                queue,
                MessageProperties.PERSISTENT_TEXT_PLAIN
                        .builder()
                        .messageId(text)
                        .build(),
                text.getBytes(StandardCharsets.UTF_8));
    }

    synchronized int confirmed() {
        return confirmed.size();
    }

    /** Ends it, and sends that this was all. Gives the numbers that were confirmed, in their order. */
    List<Integer> end() throws Exception {
        ending = true;
        join();
        try (Connection connection = factory.newConnection("sending")) {
            Channel channel = connection.createChannel();
            channel.confirmSelect();
            publish(channel, END);
            channel.waitForConfirmsOrDie(TimeUnit.SECONDS.toMillis(30));
        }
        return List.copyOf(confirmed);
    }
}
