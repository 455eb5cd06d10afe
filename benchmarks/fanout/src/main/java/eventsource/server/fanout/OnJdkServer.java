package eventsource.server.fanout;

import com.sun.net.httpserver.HttpServer;
import eventsource.server.EventSourceServer;
import eventsource.server.jdkhttpserver.EventSourceHandler;
import eventsource.server.spi.HttpManners;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** Ours on the web server of the JDK. Usage: {@code OnJdkServer PORT}, with the property {@code retainBytes} if it is not to be the default. */
public final class OnJdkServer {

    private static final int MAX_THREADS = 20_000;

    private OnJdkServer() {}

    public static void main(String[] args) throws IOException {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        var options = EventSourceServer.builder();
        Long retained = Long.getLong("retainBytes");
        if (retained != null) {
            options.retainBytes(retained);
        }
        EventSourceServer events = options.build();
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        var http = HttpServer.create(address, 4096);
        http.setExecutor(Executors.newCachedThreadPool());
        http.createContext("/events", EventSourceHandler.of(HttpManners.of(events), MAX_THREADS));
        http.createContext("/emit", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            body.lines().forEach(events::emit);
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        http.start();
    }
}
