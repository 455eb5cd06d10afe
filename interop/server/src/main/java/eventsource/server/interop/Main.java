package eventsource.server.interop;

import com.sun.net.httpserver.HttpServer;
import eventsource.server.jdkhttpserver.EventSourceHandler;
import eventsource.server.netty.EventSourceNetty;
import eventsource.server.spi.HttpManners;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/**
 * Serves streams at {@code /stream?story=S}, by the web server that the argument names: {@code jdk} or {@code netty}. Prints
 * a JSON object with the ports and the times that matter, and ends with standard input.
 */
final class Main {

    private static final String PATH = "/stream";

    private Main() {}

    public static void main(String[] args) throws IOException {
        String host = String.join(" ", args);
        if (!host.equals("jdk") && !host.equals("netty")) {
            System.err.println("name the web server: jdk or netty");
            System.exit(2);
        }
        // JDK 17 would otherwise wait 40 ms before it sends the second packet of a response.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        Stories stories = new Stories();
        int streams = host.equals("jdk") ? serveByJdk(stories.manners()) : serveByNetty(stories.manners());
        int control = Control.start(stories);
        System.out.println("{\"streams\":" + streams + ",\"control\":" + control + ",\"retry\":"
                + Story.RETRY.toMillis() + ",\"keepalive\":" + Story.KEEPALIVE.toMillis() + "}");
        while (System.in.read() >= 0) {
            // Nothing is said there; it ends with the driver, however that ends.
        }
        System.exit(0);
    }

    static int serveByJdk(HttpManners manners) throws IOException {
        var http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(Executors.newCachedThreadPool());
        http.createContext(PATH, EventSourceHandler.of(manners));
        http.start();
        return http.getAddress().getPort();
    }

    static int serveByNetty(HttpManners manners) throws IOException {
        return EventSourceNetty.builder().route(PATH, manners).start().port();
    }
}
