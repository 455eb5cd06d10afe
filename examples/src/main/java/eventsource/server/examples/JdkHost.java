package eventsource.server.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import eventsource.server.jdkhttpserver.EventSourceHandler;
import eventsource.server.spi.HttpManners;
import eventsource.server.spi.HttpRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/** The web server of the JDK. */
public final class JdkHost implements Host {

    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final int BACKLOG = 1024;

    @Override
    public String name() {
        return "jdk";
    }

    @Override
    public Runnable serve(Site site, int port) throws IOException {
        // JDK 17 would otherwise wait 40 ms before it sends the second packet of a response.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        var address = new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port);
        var http = HttpServer.create(address, BACKLOG);
        http.setExecutor(Executors.newCachedThreadPool(Example::daemon));
        Map<HttpManners, EventSourceHandler> handlers = new ConcurrentHashMap<>();
        http.createContext("/", exchange -> {
            HttpRequest request = HttpRequest.of(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders(),
                    /* loopback= */ true);
            HttpManners manners = site.stream(request);
            if (manners == null) {
                answer(exchange, site, request);
            } else if (site.isShared(manners)) {
                handlers.computeIfAbsent(manners, EventSourceHandler::of).handle(exchange);
            } else {
                EventSourceHandler.of(manners).handle(exchange); // of a server that comes and goes
            }
        });
        http.start();
        return () -> http.stop(1);
    }

    private static void answer(HttpExchange exchange, Site site, HttpRequest request) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(Site.MAX_BODY + 1);
        if (body.length > Site.MAX_BODY) {
            skip(exchange.getRequestBody());
            EventSourceHandler.send(exchange, Site.tooLarge());
            return;
        }
        site.answer(request, body).thenAccept(answer -> EventSourceHandler.send(exchange, answer));
    }

    /** A client that is still sending would not read the answer; one that sends without end is not waited for. */
    private static void skip(InputStream rest) throws IOException {
        byte[] discarded = new byte[1 << 16];
        int left = 16 * Site.MAX_BODY;
        for (int n = rest.read(discarded); n > 0 && left > 0; n = rest.read(discarded)) {
            left -= n;
        }
    }
}
