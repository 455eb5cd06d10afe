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

/** Serves a site in any servlet container: streams, pages, and what is posted. */
public final class SiteServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

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
            EventSourceServlet.answer(request, response, Site.text(413, "the body is larger than 1 MiB\n"));
            return;
        }
        EventSourceServlet.answer(
                request,
                response,
                site.answer(asked, body).exceptionally(failure -> Site.text(503, failure.getMessage() + "\n")));
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
     * Starts a container, whose failure may have the reason anywhere inside.
     *
     * @throws IOException if it does not start: a {@link java.net.BindException} if the port cannot be had
     */
    public static void start(Start container) throws IOException {
        try {
            container.run();
        } catch (Exception failure) {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof java.net.BindException taken) {
                    throw taken;
                }
            }
            throw new IOException(failure);
        }
    }
}
