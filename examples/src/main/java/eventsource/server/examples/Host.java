package eventsource.server.examples;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** A web server that can serve the examples. */
interface Host {

    /** All of them, by the name that {@code --server} takes. */
    static Map<String, Host> all() {
        return new TreeMap<>(Map.of("jdk", new JdkHost(), "netty", new NettyHost()));
    }

    /**
     * Serves a site on the loopback address.
     *
     * @return ends the server, once streams and other responses had a moment to end properly
     * @throws IOException if the port cannot be had
     */
    Runnable serve(Site site, int port) throws IOException;
}
