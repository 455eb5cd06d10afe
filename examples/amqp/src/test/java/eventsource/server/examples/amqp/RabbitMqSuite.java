package eventsource.server.examples.amqp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import eventsource.server.Emission;
import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.StreamRequest;
import eventsource.server.amqp.AmqpSource;
import eventsource.server.examples.contract.RunningExample;
import eventsource.server.netty.EventSourceNetty;
import eventsource.server.parser.ParsedEvent;
import eventsource.server.spi.HttpManners;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A real RabbitMQ that is stopped, killed and started again under load. It has to be installed, so this is no part of
 * {@code mvn verify}: {@code bridges/amqp/run-rabbitmq} sees to that.
 */
@Timeout(600)
class RabbitMqSuite {

    @TempDir
    private static Path directory;

    private static RabbitNode node;

    private static final int LOAD = 5_000;

    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    });

    /** What happens to the broker. */
    enum Outage {
        STOPPED,
        KILLED,
        CONNECTIONS_CLOSED
    }

    @BeforeAll
    static void startBroker() throws Exception {
        node = new RabbitNode(directory);
        node.start();
    }

    @AfterAll
    static void stopBroker() throws Exception {
        node.close();
    }

    private static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - end < 0, "waited in vain");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private static void interrupt(Outage outage) throws Exception {
        switch (outage) {
            case STOPPED -> {
                node.stop();
                node.start();
            }
            case KILLED -> {
                node.kill();
                node.start();
            }
            case CONNECTIONS_CLOSED -> node.closeConnections();
        }
    }

    /** Sends to a queue whose messages somebody serves, while the broker has outages. Gives what two clients were sent. */
    private List<List<ParsedEvent>> load(String queue, int port, Set<Integer> confirmed, List<Outage> outages)
            throws Exception {
        List<Receiving> clients = List.of(new Receiving(port, 1), new Receiving(port, 2));
        List<Future<List<ParsedEvent>>> receiving =
                clients.stream().map(threads::submit).toList();
        Sending sending = new Sending(node.factory(), queue);
        sending.start();
        for (Outage outage : outages) {
            awaitLoad(sending, clients);
            interrupt(outage);
        }
        awaitLoad(sending, clients);
        confirmed.addAll(sending.end());
        List<List<ParsedEvent>> received = new ArrayList<>();
        for (Future<List<ParsedEvent>> client : receiving) {
            received.add(client.get(120, TimeUnit.SECONDS));
        }
        clients.forEach(client -> assertTrue(client.returns() > 3, client.returns() + " returns"));
        return received;
    }

    /** Waits until thousands more have got to the broker, and then to the clients. */
    private static void awaitLoad(Sending sending, List<Receiving> clients) {
        int enough = sending.confirmed() + LOAD;
        until(() -> sending.confirmed() >= enough);
        clients.forEach(client -> until(() -> client.received() >= enough));
    }

    /** The numbers that came as events of some types. */
    private static List<Integer> numbers(List<ParsedEvent> events, Set<String> types) {
        return events.stream()
                .filter(event -> types.contains(event.type()) && !event.data().equals(Sending.END))
                .map(event -> Integer.valueOf(event.data()))
                .toList();
    }

    private static void check(String what, Set<Integer> confirmed, List<ParsedEvent> events) {
        List<Integer> all = numbers(events, Set.of("message", "redelivered"));
        List<Integer> first = numbers(events, Set.of("message"));
        Set<Integer> lost = new LinkedHashSet<>(confirmed);
        lost.removeAll(all);
        List<Integer> doubled = new ArrayList<>();
        Set<Integer> known = new HashSet<>();
        for (Integer number : first) {
            if (!known.add(number)) {
                doubled.add(number);
            }
        }
        List<Integer> inOrder = List.copyOf(new LinkedHashSet<>(all));
        System.out.printf(
                "%s: %,d confirmed, %,d received, of which %,d were redelivered; %,d came twice%n",
                what, confirmed.size(), all.size(), all.size() - first.size(), all.size() - inOrder.size());
        assertEquals(Set.of(), lost, "confirmed, and lost");
        assertEquals(List.of(), doubled, "doubled, and not marked as redelivered");
        assertEquals(inOrder.stream().sorted().toList(), inOrder, "the order in which they were sent");
        assertTrue(events.stream().noneMatch(event -> event.type().equals("gap")), "no client was told of a gap");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "What the broker has confirmed reaches clients of examples/run amqp, and nothing twice that was not redelivered")
    void example(Outage outage) throws Exception {
        try (RunningExample amqp = RunningExample.start("amqp", "netty", "--uri", node.uri())) {
            Set<Integer> confirmed = new LinkedHashSet<>();
            var received = load(Broker.QUEUE, amqp.port(), confirmed, List.of(outage, outage));
            for (List<ParsedEvent> events : received) {
                check("the broker is " + outage + " twice", confirmed, events);
            }
        }
    }

    @Test
    @DisplayName("With ids, nothing comes twice at all, as long as the process lives; also of a quorum queue")
    void distinct() throws Exception {
        String queue = "distinct";
        try (Connection connection = node.factory().newConnection()) {
            declare(connection.createChannel(), queue, Map.of("x-queue-type", "quorum"));
        }
        try (EventSourceServer events = EventSourceServer.create();
                AmqpSource source = AmqpSource.queue(node.factory(), queue)
                        .distinctBy(delivery -> delivery.getProperties().getMessageId(), 10_000)
                        .supplyTo(events, RabbitMqSuite::emission);
                EventSourceNetty netty = EventSourceNetty.builder()
                        .port(0)
                        .route("/", fromEarliest(events))
                        .start()) {
            Set<Integer> confirmed = new LinkedHashSet<>();
            var received = load(
                    queue, netty.port(), confirmed, List.of(Outage.KILLED, Outage.CONNECTIONS_CLOSED, Outage.STOPPED));
            for (List<ParsedEvent> got : received) {
                check("quorum queue, with ids", confirmed, got);
                List<Integer> all = numbers(got, Set.of("message", "redelivered"));
                assertEquals(all.size(), new HashSet<>(all).size(), "nothing came twice");
            }
            System.out.println(source.figures());
            assertTrue(source.figures().interruptions() >= 3);
        }
    }

    private static HttpManners fromEarliest(EventSourceServer events) {
        return HttpManners.builder(events)
                .requests(request ->
                        CompletableFuture.completedStage(StreamRequest.own().fromEarliest()))
                .build();
    }

    private static Emission emission(Delivery delivery) {
        String text = AmqpSource.text(delivery);
        if (text.startsWith("poison")) {
            throw new IllegalArgumentException("on purpose");
        }
        return Emission.of(delivery.getEnvelope().isRedeliver() ? Event.of("redelivered", text) : Event.of(text));
    }

    private static void declare(Channel channel, String queue, Map<String, Object> arguments) throws Exception {
        channel.queueDeclare(queue, /* durable= */ true, /* exclusive= */ false, /* autoDelete= */ false, arguments);
    }

    @Test
    @DisplayName("Poison gets to the dead-letter exchange, and what was not stored goes back into the queue")
    void deadLetters() throws Exception {
        String queue = "orders";
        String dead = "orders.dead";
        try (EventSourceServer events = EventSourceServer.create();
                Connection connection = node.factory().newConnection()) {
            Channel channel = connection.createChannel();
            channel.confirmSelect();
            declare(channel, dead, Map.of());
            declare(channel, queue, Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", dead));
            AmqpSource source =
                    AmqpSource.queue(node.factory(), queue).prefetch(2).supplyTo(events, RabbitMqSuite::emission);
            for (String text : List.of("1", "poison 1", "2", "poison 2", "3")) {
                channel.basicPublish("", queue, null, text.getBytes(StandardCharsets.UTF_8));
            }
            until(() -> source.figures().acknowledged() == 3 && source.figures().rejected() == 2);
            for (String text : List.of("poison 1", "poison 2")) {
                GetResponse response = channel.basicGet(dead, /* autoAck= */ true);
                while (response == null) {
                    response = channel.basicGet(dead, /* autoAck= */ true);
                }
                assertEquals(text, new String(response.getBody(), StandardCharsets.UTF_8));
                assertTrue(response.getProps().getHeaders().containsKey("x-death"), "why it died");
            }
            source.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);
            assertEquals(0, channel.messageCount(queue));
        }
    }

    @Test
    @DisplayName("A queue that is deleted and declared again is consumed again")
    void deletedQueue() throws Exception {
        String queue = "fleeting";
        try (EventSourceServer events = EventSourceServer.create();
                Connection connection = node.factory().newConnection()) {
            Channel channel = connection.createChannel();
            declare(channel, queue, Map.of());
            AmqpSource source = AmqpSource.queue(node.factory(), queue).supplyTo(events, RabbitMqSuite::emission);
            until(() -> source.figures().connected());
            channel.queueDelete(queue);
            until(() -> source.figures().interruptions() == 1);
            declare(channel, queue, Map.of());
            channel.basicPublish("", queue, null, "again".getBytes(StandardCharsets.UTF_8));
            until(() -> source.figures().acknowledged() == 1);
            source.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
    }
}
