package eventsource.server.amqp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import eventsource.server.EventSourceServer;
import eventsource.server.testkit.FaultProxy;
import eventsource.server.testkit.log.ScriptedLog;
import eventsource.server.testkit.log.ScriptedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that are lost, and brokers that go and come. */
@Timeout(120)
class InterruptionTest extends WithBroker {

    private final ScriptedNode log = new ScriptedLog().node();
    private final CountingLog counting = new CountingLog(log);
    private final List<AutoCloseable> opened = new ArrayList<>();
    private String queue;
    private Broker broker;
    private FaultProxy proxy;

    @BeforeEach
    void begin(TestInfo test) throws Exception {
        queue = test.getDisplayName();
        broker = opened(new Broker(embedded.port()));
        broker.declare(queue);
        proxy = opened(FaultProxy.to(embedded.port()));
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable resource : opened) {
            resource.close();
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.add(0, resource);
        return resource;
    }

    private AmqpSourceBuilder source() {
        return Broker.source(proxy.port(), queue);
    }

    private AmqpSource start(AmqpSourceBuilder builder, EventSourceServer server) {
        return opened(builder.supplyTo(server, AmqpSourceTest::emission));
    }

    /** A message whose event is not stored yet: the broker must still have it when the connection is lost. */
    private AmqpSource interruptedWhileStoring(AmqpSourceBuilder builder, EventSourceServer server) throws Exception {
        log.hold();
        AmqpSource source = start(builder, server);
        broker.sendNumbers(queue, 0, 1);
        Await.until(() -> source.figures().toString(), () -> source.figures().unsettled() == 1);
        counting.await(1);
        assertEquals(0, source.figures().acknowledged());
        proxy.refuse();
        proxy.cut();

        GetResponse still = broker.take(queue);
        assertEquals("0", Broker.text(still), "the broker has it");
        assertTrue(still.getEnvelope().isRedeliver());
        broker.channel().basicReject(still.getEnvelope().getDeliveryTag(), /* requeue= */ true);
        proxy.accept();
        Await.until(() -> source.figures().toString(), () -> source.figures().received() == 2);
        log.release();
        return source;
    }

    @Test
    @DisplayName("A message is acknowledged when its event is stored, and not before")
    void acknowledgedWhenStored() throws Exception {
        EventSourceServer server =
                opened(EventSourceServer.builder().log(counting).build());
        Seen seen = Seen.of(server);
        AmqpSource source = interruptedWhileStoring(source(), server);

        assertEquals(List.of("0", "0"), seen.await(2), "the broker has delivered it twice");
        assertEquals(1, source.figures().redelivered());
        Await.until(() -> source.figures().toString(), () -> source.figures().acknowledged() == 1);
        source.stop().toCompletableFuture().join();
        assertTrue(broker.isDrained(queue));
    }

    @Test
    @DisplayName("A message with an id is emitted once, however often it is delivered")
    void distinct() throws Exception {
        EventSourceServer server =
                opened(EventSourceServer.builder().log(counting).build());
        Seen seen = Seen.of(server);
        AmqpSource source = interruptedWhileStoring(
                source().distinctBy(delivery -> delivery.getProperties().getMessageId(), 10), server);
        broker.send(queue, "no id", "no id");
        broker.sendNumbers(queue, 0, 2);

        assertEquals(List.of("0", "no id", "no id", "1"), seen.await(4));
        Await.until(() -> source.figures().toString(), () -> source.figures().acknowledged() == 5);
        assertEquals(2, source.figures().repeated(), "the redelivered one, and the one that was sent again");
        source.stop().toCompletableFuture().join();
        assertTrue(broker.isDrained(queue));
    }

    @ParameterizedTest(name = "cut again and again, prefetch {0}")
    @ValueSource(ints = {1, 500})
    void nothingIsLostAndNothingDoubledThatWasNotRedelivered(int prefetch) throws Exception {
        int messages = 10_000;
        EventSourceServer server = opened(EventSourceServer.create());
        Seen seen = Seen.of(server);
        Map<String, Integer> redelivered = new ConcurrentHashMap<>();
        AmqpSource source = opened(source().prefetch(prefetch).supplyTo(server, delivery -> {
            if (delivery.getEnvelope().isRedeliver()) {
                redelivered.merge(AmqpSource.text(delivery), 1, Integer::sum);
            }
            return AmqpSourceTest.emission(delivery);
        }));
        for (int i = 0; i < messages; i += 1000) {
            broker.sendNumbers(queue, i, i + 1000);
            int enough = i + 500;
            Await.until(() -> source.figures().toString(), () -> seen.size() >= enough);
            proxy.cut();
        }
        Await.until(() -> source.figures().toString(), () -> new LinkedHashSet<>(seen.data()).size() == messages);
        Await.until(() -> source.figures().toString(), () -> source.figures().unsettled() == 0);

        List<String> data = seen.data();
        assertEquals(Broker.numbers(0, messages), List.copyOf(new LinkedHashSet<>(data)), "in order");
        Map<String, Integer> times = new HashMap<>();
        data.forEach(number -> times.merge(number, 1, Integer::sum));
        times.forEach((number, count) -> assertTrue(
                count <= 1 + redelivered.getOrDefault(number, 0), () -> number + " came " + count + " times"));
        assertTrue(source.figures().interruptions() >= 5, source.figures().toString());
        source.stop().toCompletableFuture().join();
        assertTrue(broker.isDrained(queue));
    }

    @Test
    @DisplayName("A message that could not even be handed over, as where there is no memory, is delivered again")
    void notHandedOver() throws Exception {
        Settings settings = new Settings(
                Broker.factory(embedded.port()),
                List.of(),
                Origin.queue(queue),
                channel -> {},
                10,
                Duration.ofMillis(5),
                Duration.ofMillis(100),
                delivery -> null,
                0,
                new AmqpSourceListener() {});
        Consumption consumption = new Consumption(settings, AmqpSourceTest::emission);
        List<String> taken = new CopyOnWriteArrayList<>();
        AtomicBoolean failed = new AtomicBoolean();
        consumption.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(1);
            }

            @Override
            public void onNext(Item item) {
                if (failed.compareAndSet(false, true)) {
                    throw new OutOfMemoryError("as the test wants it");
                }
                taken.add(item.emission().event().data());
                consumption.settled(item, null);
                consumption.request(1);
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onComplete() {}
        });
        broker.sendNumbers(queue, 0, 3);
        Await.until(taken::toString, () -> taken.equals(List.of("0", "1", "2")));
        consumption.cancel();
        consumption.ended().toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertTrue(broker.isDrained(queue));
    }

    @Test
    @DisplayName("A source outlives its broker, and tells of each outage once")
    void restart() throws Exception {
        int port = Ports.free();
        EventSourceServer server = opened(EventSourceServer.create());
        Seen seen = Seen.of(server);
        List<String> told = new CopyOnWriteArrayList<>();
        AmqpSource source = start(
                Broker.source(port, "events")
                        .declaring(channel -> Broker.declare(channel, "events", Map.of()))
                        .listener(new AmqpSourceListener() {
                            @Override
                            public void connected(boolean mayHaveMissed) {
                                told.add("connected " + mayHaveMissed);
                            }

                            @Override
                            public void disconnected(Throwable why) {
                                told.add("disconnected");
                            }
                        }),
                server);
        Await.until(told::toString, () -> told.size() == 1);
        for (String life : List.of("first", "second")) {
            int before = told.size();
            try (EmbeddedBroker living = new EmbeddedBroker(port);
                    Broker there = new Broker(living.port())) {
                Await.until(told::toString, () -> told.size() == before + 1);
                there.send("events", life);
                Await.until(seen.data()::toString, () -> seen.data().contains(life));
            }
            Await.until(told::toString, () -> told.size() == before + 2);
        }
        assertEquals(List.of("first", "second"), seen.data());
        assertEquals(
                List.of("disconnected", "connected false", "disconnected", "connected false", "disconnected"), told);
        assertEquals(2, source.figures().interruptions());
        source.stop().toCompletableFuture().join();
    }

    @Test
    @DisplayName("The source of an exchange says when it may have missed something")
    void missed() throws Exception {
        EventSourceServer server = opened(EventSourceServer.create());
        Seen seen = Seen.of(server);
        List<Boolean> told = new CopyOnWriteArrayList<>();
        start(
                AmqpSource.exchange(Broker.factory(proxy.port()), "amq.fanout", "")
                        .reconnect(Duration.ofMillis(5), Duration.ofMillis(100))
                        .listener(new AmqpSourceListener() {
                            @Override
                            public void connected(boolean mayHaveMissed) {
                                told.add(mayHaveMissed);
                            }
                        }),
                server);
        Await.until(told::toString, () -> told.equals(List.of(false)));
        proxy.refuse();
        proxy.cut();
        Await.until(() -> "open", () -> proxy.open() == 0);
        proxy.accept();
        Await.until(told::toString, () -> told.equals(List.of(false, true)));
        broker.send("amq.fanout", "", "after", MessageProperties.BASIC);
        assertEquals(List.of("after"), seen.await(1));
    }

    @Test
    @DisplayName("Of several addresses, the first that answers is taken")
    void addresses() throws Exception {
        EventSourceServer server = opened(EventSourceServer.create());
        Seen seen = Seen.of(server);
        start(
                source().addresses(new Address("127.0.0.1", Ports.free()), new Address("127.0.0.1", embedded.port())),
                server);
        broker.send(queue, "found");
        assertEquals(List.of("found"), seen.await(1));
        assertEquals(0, proxy.connections());
    }
}
