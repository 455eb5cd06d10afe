package eventsource.server.jdkhttpserver;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import eventsource.server.testkit.RunningTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A web server of the JDK on a free port. Its handlers run on its one dispatching thread, as they do by default. */
final class LoopbackServer implements RunningTransport {

    private final HttpServer http;

    private LoopbackServer(HttpServer http) {
        this.http = http;
    }

    static LoopbackServer serving(HttpHandler handler) throws IOException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
        LoopbackServer server = new LoopbackServer(HttpServer.create(anyPort, /* backlog */ 0));
        server.http.createContext("/", handler);
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
    }
}
