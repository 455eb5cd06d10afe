package eventsource.server.examples;

import java.io.IOException;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** A web server that can serve the examples. Those that are a module of their own are found as a service. */
public interface Host {

    /** All that are on the class path, by name. */
    static Map<String, Host> all() {
        Map<String, Host> all = new TreeMap<>();
        ServiceLoader.load(Host.class).forEach(host -> all.put(host.name(), host));
        return all;
    }

    /**
     * What {@code --server} calls it.
     *
     * @return the name, which is that of the module's directory if it has one
     */
    String name();

    /**
     * Serves a site on the loopback address.
     *
     * @param site what is served
     * @param port where
     * @return ends the server, once streams and other responses had a moment to end properly
     * @throws IOException if the server cannot be started: a {@link java.net.BindException} if the port cannot be had
     */
    Runnable serve(Site site, int port) throws IOException;
}
