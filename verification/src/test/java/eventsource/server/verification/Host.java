package eventsource.server.verification;

import com.sun.net.httpserver.HttpServer;
import eventsource.server.EventSourceServer;
import eventsource.server.EventSourceServerBuilder;
import eventsource.server.StreamRequest;
import eventsource.server.jdkhttpserver.EventSourceHandler;
import eventsource.server.spi.HttpManners;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A web server with streams that start with the next event, or with the oldest. */
final class Host implements AutoCloseable {

    static final String LIVE = "/";
    static final String FROM_EARLIEST = "/?from=earliest";

    private final EventSourceServer server;
    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    Host(EventSourceServerBuilder options) throws IOException {
        server = options.build();
        HttpManners manners = HttpManners.builder(server)
                .requests(request -> CompletableFuture.completedStage(
                        request.parameters("from").isEmpty()
                                ? StreamRequest.own()
                                : StreamRequest.own().fromEarliest()))
                .build();
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), /* backlog= */ 128);
        http.createContext("/", EventSourceHandler.of(manners));
        http.setExecutor(threads);
        http.start();
    }

    int port() {
        return http.getAddress().getPort();
    }

    EventSourceServer server() {
        return server;
    }

    @Override
    public void close() {
        server.close();
        http.stop(0);
        threads.shutdown();
    }
}
