package eventsource.server.examples.amqp;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeoutException;

/** Sends one message to what the example {@code amqp} shows: {@code examples/run amqp-send TEXT [--uri U]}. */
final class Send {

    private static final String USAGE = "usage: examples/run amqp-send TEXT [--uri U]; without --uri, it is sent to "
            + Broker.USUAL + ", where examples/run amqp has its own broker";
    private static final int PATIENCE_MILLIS = 10_000;

    private Send() {}

    public static void main(String[] args) {
        // The script has its name among the arguments.
        boolean hasUri = args.length == 4 && args[2].equals("--uri");
        if (args.length != 2 && !hasUri) {
            System.err.println(USAGE);
            System.exit(2);
        }
        System.exit(send(args[1], hasUri ? args[3] : Broker.USUAL));
    }

    private static int send(String text, String uri) {
        try (Connection connection = Broker.factory(uri).newConnection("amqp-send")) {
            Channel channel = connection.createChannel();
            Broker.declare(channel);
            channel.confirmSelect();
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            channel.basicPublish("", Broker.QUEUE, MessageProperties.PERSISTENT_TEXT_PLAIN, body);
            channel.waitForConfirmsOrDie(PATIENCE_MILLIS);
            System.out.println("sent, and the broker has it");
            return 0;
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            return 2;
        } catch (IOException | TimeoutException | InterruptedException failed) {
            System.err.println("it could not be sent: " + failed);
            return 1;
        }
    }
}
