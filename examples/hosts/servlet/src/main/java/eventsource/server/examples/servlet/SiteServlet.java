package eventsource.server.examples.servlet;

import eventsource.server.examples.Site;
import eventsource.server.servlet.EventSourceServlet;
import eventsource.server.spi.HttpManners;
import eventsource.server.spi.HttpRequest;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Serves a site in any servlet container: streams, pages, and what is posted. */
public final class SiteServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    /** Loggers that nobody holds forget their level. */
    private static final List<Logger> QUIET = new ArrayList<>();

    private final transient Site site;

    /** For one site, at all paths. */
    public SiteServlet(Site site) {
        this.site = site;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpRequest asked = EventSourceServlet.request(request);
        HttpManners manners = site.stream(asked);
        if (manners != null) {
            EventSourceServlet.answer(request, response, manners.answer(asked));
            return;
        }
        byte[] body = request.getInputStream().readNBytes(Site.MAX_BODY + 1);
        if (body.length > Site.MAX_BODY) {
            skip(request.getInputStream());
            EventSourceServlet.answer(request, response, Site.tooLarge());
            return;
        }
        EventSourceServlet.answer(request, response, site.answer(asked, body));
    }

    /** A client that is still sending would not read the answer; one that sends without end is not waited for. */
    private static void skip(InputStream rest) throws IOException {
        rest.skip(16L * Site.MAX_BODY);
    }

    /** Starts a container. */
    @FunctionalInterface
    public interface Start {
        /** Starts it, and throws whatever it likes. */
        void run() throws Exception;
    }

    /**
     * Starts a container, unless the port is taken: containers have much to say about that.
     *
     * @param port where it will listen
     * @param container starts it
     * @throws IOException if it does not start: a {@link java.net.BindException} if the port cannot be had
     */
    public static void start(int port, Start container) throws IOException {
        new ServerSocket(port, /* backlog */ 0, InetAddress.getLoopbackAddress()).close();
        for (String talkative : List.of("org.apache", "io.undertow", "org.xnio", "org.jboss")) {
            Logger logger = Logger.getLogger(talkative);
            logger.setLevel(Level.WARNING);
            QUIET.add(logger);
        }
        try {
            container.run();
        } catch (Exception failure) {
            throw new IOException(failure);
        }
    }
}
