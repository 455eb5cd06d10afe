package eventsource.server.vertx;

import static eventsource.server.vertx.RunningVertx.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.StreamEnd;
import eventsource.server.StreamListener;
import eventsource.server.StreamRequest;
import eventsource.server.parser.TestClient;
import eventsource.server.parser.TestRequest;
import eventsource.server.spi.HttpManners;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The handler for Vert.x")
@Timeout(60)
class EventSourceHandlerTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String LARGE = "x".repeat(64 << 10);

    private final BlockingQueue<StreamEnd> ends = new LinkedBlockingQueue<>();
    private final Set<Thread> openers = ConcurrentHashMap.newKeySet();
    private final EventSourceServer server = EventSourceServer.builder()
            .stall(Duration.ofSeconds(1))
            .listener(new StreamListener() {
                @Override
                public void opened(EventStream stream) {
                    openers.add(Thread.currentThread());
                }

                @Override
                public void closed(EventStream stream, StreamEnd end) {
                    ends.add(end);
                }
            })
            .build();
    private final List<AutoCloseable> toClose = new CopyOnWriteArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        server.close();
        for (AutoCloseable each : toClose) {
            each.close();
        }
    }

    private RunningVertx serving(HttpServerOptions options) {
        RunningVertx http =
                RunningVertx.serving(options, router -> router.route().handler(EventSourceHandler.of(server)));
        toClose.add(http);
        return http;
    }

    private TestClient open(TestRequest request) {
        TestClient client = request.timeout(SOON).open();
        toClose.add(client);
        return client;
    }

    private StreamEnd nextEnd() throws InterruptedException {
        StreamEnd end = ends.poll(20, TimeUnit.SECONDS);
        assertTrue(end != null, "no stream ended");
        return end;
    }

    @Test
    @DisplayName("HT-06 sends events at once and as they are where Vert.x compresses responses")
    void compression() {
        RunningVertx http = serving(new HttpServerOptions().setCompressionSupported(true));
        TestClient client = open(TestClient.get(http.port(), "/").header("Accept-Encoding", "gzip, deflate"));
        server.emit("plain");
        assertEquals("plain", client.next().data());
        assertTrue(
                client.header("Content-Encoding").orElse("identity").equals("identity"),
                () -> "headers: " + client.headers());
        TestClient other = open(TestClient.get(http.port(), "/"));
        assertEquals(Optional.empty(), other.header("Content-Encoding"));
    }

    @Test
    @DisplayName("answers 500, and leaves no stream, where another handler fails on the head")
    void impossibleHead() throws Exception {
        AtomicBoolean failed = new AtomicBoolean();
        RunningVertx http = RunningVertx.serving(new HttpServerOptions(), router -> {
            router.route().handler(routing -> {
                routing.addHeadersEndHandler(head -> {
                    if (failed.compareAndSet(false, true)) {
                        throw new IllegalStateException("as the test wants it");
                    }
                });
                routing.next();
            });
            router.route().handler(EventSourceHandler.of(server));
        });
        toClose.add(http);
        assertEquals(500, open(TestClient.get(http.port(), "/")).status());
        nextEnd();
    }

    @Test
    @DisplayName("closes the connection at the end of a stream of HTTP/1.0, whose body has no other end")
    void http10() throws Exception {
        RunningVertx http = serving(new HttpServerOptions());
        TestClient client = open(TestClient.get(http.port(), "/").http10().header("Connection", "keep-alive"));
        server.emit("one");
        assertEquals("one", client.next().data());
        server.stop();
        assertEquals(StreamEnd.STOPPED, nextEnd());
        client.awaitEnd(SOON);
        assertEquals(List.of(), client.drain());
    }

    /** Listens with the handler that all instances share. */
    private static final class Listening extends VerticleBase {

        private final EventSourceHandler handler;
        private final Set<Integer> ports;

        Listening(EventSourceHandler handler, Set<Integer> ports) {
            this.handler = handler;
            this.ports = ports;
        }

        @Override
        public Future<?> start() {
            Router router = Router.router(vertx);
            router.route().handler(handler);
            return vertx.createHttpServer()
                    .requestHandler(router)
                    .listen(-1, "127.0.0.1") // below zero: one free port for all instances
                    .onSuccess(http -> ports.add(http.actualPort()));
        }
    }

    private int deploy(ThreadingModel threads, int instances) {
        Vertx vertx = Vertx.vertx();
        toClose.add(() -> await(vertx.close()));
        EventSourceHandler handler = EventSourceHandler.of(server);
        Set<Integer> ports = ConcurrentHashMap.newKeySet();
        await(vertx.deployVerticle(
                () -> new Listening(handler, ports),
                new DeploymentOptions().setInstances(instances).setThreadingModel(threads)));
        assertEquals(1, ports.size(), "the instances share a port");
        return ports.iterator().next();
    }

    static List<ThreadingModel> threadings() {
        return Runtime.version().feature() < 21
                ? List.of(ThreadingModel.EVENT_LOOP, ThreadingModel.WORKER)
                : List.of(ThreadingModel.EVENT_LOOP, ThreadingModel.WORKER, ThreadingModel.VIRTUAL_THREAD);
    }

    @ParameterizedTest
    @MethodSource("threadings")
    @DisplayName("serves several instances of a verticle with one handler, each stream on its connection's event loop")
    void instances(ThreadingModel threads) throws Exception {
        int port = deploy(threads, 3);
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            clients.add(open(TestClient.get(port, "/").receiveBuffer(i % 10 == 0 ? 4096 : 1 << 20)));
        }
        for (int i = 0; i < 100; i++) {
            server.emit(i + LARGE);
            for (int c = 0; c < clients.size(); c++) {
                if (c % 10 != 0) {
                    assertTrue((i + LARGE).equals(clients.get(c).next().data()), "everything, in order");
                }
            }
        }
        for (int i = 0; i < 3; i++) {
            assertEquals(StreamEnd.STALLED, nextEnd());
        }
        if (threads == ThreadingModel.EVENT_LOOP) { // the instances of others may share one
            assertEquals(3, openers.size(), () -> "streams are drained on " + openers);
        }
        assertTrue(openers.stream().allMatch(thread -> thread.getName().contains("eventloop")), openers::toString);
        server.stop();
        for (int c = 0; c < clients.size(); c++) {
            TestClient.End end = c % 10 == 0 ? TestClient.End.ABORTED : TestClient.End.CLEAN;
            assertEquals(end, clients.get(c).awaitEnd(SOON));
        }
    }

    @Test
    @DisplayName("never blocks an event loop: neither with clients that take nothing nor while the application thinks")
    void loopsAreFree() throws Exception {
        AtomicInteger blocked = new AtomicInteger();
        Logger checker = Logger.getLogger("io.vertx.core.impl.BlockedThreadChecker");
        Handler counting = new Handler() {
            @Override
            public void publish(LogRecord warning) {
                blocked.incrementAndGet();
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        checker.addHandler(counting);
        try {
            CompletableFuture<StreamRequest> thinking = new CompletableFuture<>();
            HttpManners manners = HttpManners.builder(server)
                    .requests(request -> request.path().equals("/slow")
                            ? thinking
                            : CompletableFuture.completedStage(StreamRequest.own()))
                    .build();
            RunningVertx http = RunningVertx.serving(
                    new HttpServerOptions(), router -> router.route().handler(EventSourceHandler.of(manners)));
            toClose.add(http);
            CompletableFuture<TestClient> slow =
                    CompletableFuture.supplyAsync(() -> open(TestClient.get(http.port(), "/slow")));
            for (int i = 0; i < 20; i++) {
                open(TestClient.get(http.port(), "/").receiveBuffer(4096));
            }
            TestClient healthy = open(TestClient.get(http.port(), "/"));
            for (int i = 0; i < 128; i++) {
                server.emit(i + LARGE);
                assertTrue((i + LARGE).equals(healthy.next().data()), "the others get all, at once");
            }
            for (int i = 0; i < 20; i++) {
                assertEquals(StreamEnd.STALLED, nextEnd());
            }
            assertTrue(!slow.isDone(), "the application has not decided yet");
            thinking.complete(StreamRequest.own());
            TestClient client = slow.get(10, TimeUnit.SECONDS);
            assertEquals(200, client.status());
            server.emit("next");
            assertEquals("next", client.next().data());
        } finally {
            checker.removeHandler(counting);
        }
        assertEquals(0, blocked.get(), "warnings of Vert.x of an event loop that is blocked (for two seconds)");
    }

    @Test
    @DisplayName("answers nothing more where another handler of the route has answered, and lets the stream go")
    void answeredBefore() throws Exception {
        CompletableFuture<StreamRequest> thinking = new CompletableFuture<>();
        EventSourceHandler handler = EventSourceHandler.of(
                HttpManners.builder(server).requests(request -> thinking).build());
        RunningVertx http = RunningVertx.serving(
                new HttpServerOptions(),
                router -> router.route().handler(routing -> {
                    handler.handle(routing);
                    routing.response().end("done");
                }));
        toClose.add(http);
        TestClient client = open(TestClient.get(http.port(), "/"));
        assertEquals("done", client.bodyText());
        thinking.complete(StreamRequest.own());
        assertEquals(StreamEnd.ENDED, nextEnd());
    }
}
