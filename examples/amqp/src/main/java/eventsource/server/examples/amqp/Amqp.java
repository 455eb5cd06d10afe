package eventsource.server.examples.amqp;

import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import eventsource.server.Emission;
import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.LagPolicy;
import eventsource.server.StreamRequest;
import eventsource.server.amqp.AmqpSource;
import eventsource.server.examples.Example;
import eventsource.server.examples.LivePage;
import eventsource.server.examples.Site;
import eventsource.server.spi.HttpManners;
import java.util.concurrent.CompletableFuture;

/**
 * Shows what is sent to the queue {@code eventsource} of RabbitMQ: {@code examples/run amqp [--uri U]}. Without a URI, it
 * starts a broker in this process. What a broker delivers again is shown as such.
 */
final class Amqp implements Example {

    private final EventSourceServer events = EventSourceServer.builder()
            .lag(LagPolicy.SKIP) // a queue may be faster than a browser
            .gapEvent("gap")
            .build();
    private final String given;

    Amqp(String uri) {
        given = uri;
    }

    @Override
    public Site start() {
        String uri = given.isEmpty() ? Broker.embed() : given;
        ConnectionFactory factory = Broker.factory(uri);
        if (given.isEmpty()) {
            System.out.println("no --uri was given, so a broker was started in this process: " + uri);
        }
        AmqpSource.queue(factory, Broker.QUEUE).declaring(Broker::declare).supplyTo(events, Amqp::emission);
        System.out.println("send to the queue " + Broker.QUEUE + ": examples/run amqp-send TEXT"
                + (uri.equals(Broker.USUAL) ? "" : " --uri U") + ", or any client of AMQP 0-9-1");
        HttpManners manners = HttpManners.builder(events)
                .requests(request ->
                        CompletableFuture.completedStage(StreamRequest.own().fromEarliest()))
                .build();
        return new Site(events).stream("/", manners).page("/", LivePage.of("redelivered", "gap"));
    }

    private static Emission emission(Delivery delivery) {
        String text = AmqpSource.text(delivery);
        return Emission.of(delivery.getEnvelope().isRedeliver() ? Event.of("redelivered", text) : Event.of(text));
    }
}
