package eventsource.server.jdkhttpserver;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import eventsource.server.testkit.RunningTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A web server of the JDK on a free port. */
final class LoopbackServer implements RunningTransport {

    private final HttpServer http;
    private final ExecutorService readers = cachedPool();

    private LoopbackServer(HttpHandler handler) throws IOException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
        http = HttpServer.create(anyPort, /* backlog */ 0);
        http.createContext("/", handler);
    }

    /** Whose threads go soon, so that those are seen that stay. */
    private static ExecutorService cachedPool() {
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>());
    }

    static LoopbackServer serving(HttpHandler handler) throws IOException {
        LoopbackServer server = new LoopbackServer(handler);
        server.http.setExecutor(server.readers);
        server.http.start();
        return server;
    }

    /** With the one thread that it has by default. */
    static LoopbackServer withoutExecutor(HttpHandler handler) throws IOException {
        LoopbackServer server = new LoopbackServer(handler);
        server.http.start();
        return server;
    }

    @Override
    public int port() {
        return http.getAddress().getPort();
    }

    @Override
    public void close() {
        http.stop(/* seconds */ 0);
        readers.shutdown();
    }
}
