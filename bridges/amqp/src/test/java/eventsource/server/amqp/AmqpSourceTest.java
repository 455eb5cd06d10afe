package eventsource.server.amqp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.MessageProperties;
import eventsource.server.Emission;
import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.testkit.log.ScriptedLog;
import eventsource.server.testkit.log.ScriptedNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** What a source does with messages, at a broker in this process. */
@Timeout(120)
class AmqpSourceTest extends WithBroker {

    private final ScriptedNode log = new ScriptedLog().node();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private String queue;
    private Broker broker;

    @BeforeEach
    void begin(TestInfo test) throws Exception {
        queue = test.getTestMethod().orElseThrow().getName();
        broker = opened(new Broker(embedded.port()));
        broker.declare(queue);
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

    private EventSourceServer server() {
        return opened(EventSourceServer.create());
    }

    private EventSourceServer serverWithLog() {
        return opened(EventSourceServer.builder().log(log).build());
    }

    private AmqpSourceBuilder source() {
        return Broker.source(embedded.port(), queue);
    }

    private AmqpSource start(AmqpSourceBuilder builder, EventSourceServer server) {
        return opened(builder.supplyTo(server, AmqpSourceTest::emission));
    }

    static Emission emission(Delivery delivery) {
        return Emission.of(Event.of(AmqpSource.text(delivery)));
    }

    private static void stop(AmqpSource source) throws Exception {
        source.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Test
    @DisplayName("Messages are emitted in their order, and acknowledged, however few are prefetched")
    void order() throws Exception {
        EventSourceServer server = server();
        Seen seen = Seen.of(server);
        broker.sendNumbers(queue, 0, 1000);
        AmqpSource source = start(source().prefetch(3), server);
        broker.sendNumbers(queue, 1000, 2000);

        assertEquals(Broker.numbers(0, 2000), seen.await(2000));
        Await.until(() -> source.figures().toString(), () -> source.figures().acknowledged() == 2000);
        assertEquals(new AmqpFigures(true, 2000, 0, 2000, 0, 0, 0, 0), source.figures());
        stop(source);
        assertTrue(broker.isDrained(queue));
        assertFalse(source.figures().connected());
    }

    @Test
    @DisplayName("No more messages are unsettled than are prefetched, and the broker keeps the others")
    void prefetch() throws Exception {
        EventSourceServer server = serverWithLog();
        Seen seen = Seen.of(server);
        log.hold();
        broker.sendNumbers(queue, 0, 50);
        AmqpSource source = start(source().prefetch(7), server);
        Await.until(() -> source.figures().toString(), () -> source.figures().unsettled() == 7);

        assertEquals("7", Broker.text(broker.take(queue)), "the first that was not delivered");
        assertEquals(7, source.figures().unsettled());
        assertEquals(0, source.figures().acknowledged());
        log.release();
        assertEquals(49, seen.await(49).size());
        assertEquals(List.of("6", "8"), seen.data().subList(6, 8));
        Await.until(() -> source.figures().toString(), () -> source.figures().acknowledged() == 49);
        assertEquals(0, source.figures().unsettled());
    }

    @Test
    @DisplayName("What no event can be made of is rejected, told and counted once, and holds nothing up")
    void poison() throws Exception {
        EventSourceServer server =
                opened(EventSourceServer.builder().maxEventBytes(1000).build());
        Seen seen = Seen.of(server);
        List<String> told = new CopyOnWriteArrayList<>();
        List<LogRecord> logged = listenToLog();
        queue = "poison-queue"; // without the argument, the embedded broker puts back whatever is rejected
        Broker.declare(broker.channel(), queue, Map.of("x-qpid-maximum-delivery-count", 1));
        AmqpSource source = opened(source().listener(new AmqpSourceListener() {
                    @Override
                    public void rejected(Delivery delivery, Throwable why) {
                        told.add(why.getClass().getSimpleName());
                        throw new IllegalStateException("listeners may do that");
                    }
                })
                .supplyTo(server, delivery -> {
                    String text = AmqpSource.text(delivery);
                    if (text.equals("unlucky")) {
                        throw new IllegalStateException("as a mapper does that looks something up");
                    }
                    return text.equals("none") ? null : Emission.of(Event.of(text));
                }));
        broker.send(queue, "1", "unlucky", "2", "none", "3", "large".repeat(1000), "4");
        broker.channel().basicPublish("", queue, null, new byte[] {'n', 'o', (byte) 0xFF});
        broker.send(queue, "5");

        assertEquals(Broker.numbers(1, 6), seen.await(5));
        Await.until(() -> source.figures().toString(), () -> source.figures().acknowledged() == 5);
        assertEquals(new AmqpFigures(true, 9, 0, 5, 4, 0, 0, 0), source.figures());
        assertEquals(
                List.of(
                        "IllegalStateException",
                        "NullPointerException",
                        "IllegalArgumentException",
                        "IllegalArgumentException"),
                told);
        stop(source);
        assertTrue(broker.isDrained(queue), "rejected messages do not come back");
        long rejections = logged.stream()
                .filter(line -> line.getMessage().contains("was rejected"))
                .count();
        assertEquals(4, rejections);
        assertTrue(logged.stream().noneMatch(line -> line.getMessage().contains("large")), "bodies may be private");
    }

    private List<LogRecord> listenToLog() {
        List<LogRecord> records = new CopyOnWriteArrayList<>();
        Logger logger = Logger.getLogger("eventsource.server.amqp");
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                records.add(line);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        opened(() -> {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        });
        return records;
    }

    @Test
    @DisplayName("What an error of the machine has kept from being emitted comes again")
    void errorsOfTheMachine() throws Exception {
        EventSourceServer server = server();
        Seen seen = Seen.of(server);
        AtomicBoolean failed = new AtomicBoolean();
        AmqpSource source = opened(source().supplyTo(server, delivery -> {
            if (AmqpSource.text(delivery).equals("1") && failed.compareAndSet(false, true)) {
                throw new OutOfMemoryError("on purpose");
            }
            return emission(delivery);
        }));
        broker.sendNumbers(queue, 0, 3);

        assertEquals(Broker.numbers(0, 3), seen.await(3));
        assertEquals(1, source.figures().interruptions());
        assertEquals(0, source.figures().rejected());
    }

    @Test
    @DisplayName("Each source of an exchange is given what matches its binding key, and nothing is left behind")
    void exchange() throws Exception {
        ConnectionFactory factory = Broker.factory(embedded.port());
        EventSourceServer one = server();
        EventSourceServer other = server();
        Seen seenByOne = Seen.of(one);
        Seen seenByOther = Seen.of(other);
        AmqpSource orders = start(AmqpSource.exchange(factory, "amq.topic", "orders.#"), one);
        AmqpSource all = start(AmqpSource.exchange(factory, "amq.topic", "#"), other);
        Await.until(
                () -> "not connected",
                () -> orders.figures().connected() && all.figures().connected());
        for (String key : List.of("orders.new", "bills.new", "orders.old")) {
            broker.send("amq.topic", key, key, MessageProperties.BASIC);
        }

        assertEquals(List.of("orders.new", "orders.old"), seenByOne.await(2));
        assertEquals(List.of("orders.new", "bills.new", "orders.old"), seenByOther.await(3));
    }

    @Test
    @DisplayName("A queue that is not there is waited for, which is logged once")
    void missingQueue() throws Exception {
        EventSourceServer server = server();
        Seen seen = Seen.of(server);
        List<LogRecord> logged = listenToLog();
        String late = queue + "-late";
        List<Throwable> told = new CopyOnWriteArrayList<>();
        start(
                Broker.source(embedded.port(), late).listener(new AmqpSourceListener() {
                    @Override
                    public void disconnected(Throwable why) {
                        told.add(why);
                    }
                }),
                server);
        Await.until(told::toString, () -> !told.isEmpty());
        broker.declare(late);
        broker.send(late, "there");

        assertEquals(List.of("there"), seen.await(1));
        assertEquals(1, told.size());
        assertEquals(
                1,
                logged.stream()
                        .filter(line -> line.getMessage().contains("cannot be consumed"))
                        .count());
    }

    @Test
    @DisplayName("A source can declare its queue")
    void declaring() throws Exception {
        EventSourceServer server = server();
        Seen seen = Seen.of(server);
        String own = queue + "-own";
        AmqpSource source = start(
                Broker.source(embedded.port(), own).declaring(channel -> Broker.declare(channel, own, Map.of())),
                server);
        Await.until(() -> "not connected", () -> source.figures().connected());
        broker.send(own, "declared");
        assertEquals(List.of("declared"), seen.await(1));
    }

    @Test
    @DisplayName("What cannot be meant is refused when it is said")
    void options() {
        ConnectionFactory factory = Broker.factory(1);
        assertThrows(IllegalArgumentException.class, () -> AmqpSource.queue(factory, ""));
        assertThrows(IllegalArgumentException.class, () -> AmqpSource.exchange(factory, "", "#"));
        AmqpSourceBuilder builder = AmqpSource.queue(factory, "q");
        assertThrows(IllegalArgumentException.class, () -> builder.prefetch(0));
        assertThrows(IllegalArgumentException.class, () -> builder.prefetch(65_536));
        assertThrows(
                IllegalArgumentException.class,
                () -> builder.reconnect(Duration.ZERO, Duration.ofSeconds(1)),
                "it would try without a pause");
        assertThrows(
                IllegalArgumentException.class, () -> builder.reconnect(Duration.ofSeconds(2), Duration.ofSeconds(1)));
        assertThrows(IllegalArgumentException.class, () -> builder.distinctBy(delivery -> "id", 0));
    }

    @Test
    @DisplayName("The caller's factory stays as it is")
    void factory() {
        ConnectionFactory factory = new ConnectionFactory();
        AmqpSource.queue(factory, "q");
        assertTrue(factory.isAutomaticRecoveryEnabled());
    }

    @Test
    @DisplayName("A text is decoded strictly")
    void text() {
        assertEquals("grün €", AmqpSource.text(delivery("grün €".getBytes(StandardCharsets.UTF_8))));
        assertThrows(IllegalArgumentException.class, () -> AmqpSource.text(delivery(new byte[] {(byte) 0xC3})));
    }

    private static Delivery delivery(byte[] body) {
        return new Delivery(new Envelope(1, false, "", "q"), new AMQP.BasicProperties(), body);
    }
}
