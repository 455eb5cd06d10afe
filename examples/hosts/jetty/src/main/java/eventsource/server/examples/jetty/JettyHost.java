package eventsource.server.examples.jetty;

import eventsource.server.examples.Host;
import eventsource.server.examples.Site;
import eventsource.server.examples.servlet.SiteServlet;
import java.io.IOException;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Jetty, embedded. */
public final class JettyHost implements Host {

    @Override
    public String name() {
        return "jetty";
    }

    @Override
    public Runnable serve(Site site, int port) throws IOException {
        // Jetty logs by SLF4J, which would tell, even before the port is known to be free, that it has nowhere to log
        // to.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        var jetty = new Server();
        var connector = new ServerConnector(jetty);
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        jetty.addConnector(connector);
        var servlet = new ServletHolder(new SiteServlet(site));
        servlet.setAsyncSupported(true);
        var context = new ServletContextHandler("/");
        context.addServlet(servlet, "/*");
        jetty.setHandler(context);
        SiteServlet.start(port, jetty::start);
        return () -> {
            try {
                jetty.stop();
            } catch (Exception failure) {
                throw new IllegalStateException("Jetty did not stop", failure);
            }
        };
    }
}
