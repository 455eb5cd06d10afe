package eventsource.server.fanout;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.ee11.servlets.EventSource;
import org.eclipse.jetty.ee11.servlets.EventSourceServlet;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A broadcast on Jetty. Usage: {@code OnJetty PORT}. */
public final class OnJetty {

    private static final Map<EventSource, EventSource.Emitter> STREAMS = new ConcurrentHashMap<>();

    private OnJetty() {}

    public static void main(String[] args) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.setPort(Integer.parseInt(args[0]));
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        ServletHolder events = new ServletHolder(new Events());
        events.setAsyncSupported(true);
        context.addServlet(events, "/events");
        context.addServlet(new ServletHolder(new Emit()), "/emit");
        server.setHandler(context);
        server.setStopAtShutdown(true);
        server.start();
    }

    /** A client. */
    private static final class Stream implements EventSource {

        @Override
        public void onOpen(Emitter emitter) {
            STREAMS.put(this, emitter);
        }

        @Override
        public void onClose() {
            STREAMS.remove(this);
        }
    }

    /** The streams. */
    private static final class Events extends EventSourceServlet {

        private static final long serialVersionUID = 1;

        @Override
        protected EventSource newEventSource(HttpServletRequest request) {
            return new Stream();
        }
    }

    /** Where events are posted to. */
    private static final class Emit extends HttpServlet {

        private static final long serialVersionUID = 1;

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            request.getReader().lines().forEach(line -> STREAMS.forEach((stream, emitter) -> {
                try {
                    emitter.data(line);
                } catch (IOException gone) {
                    STREAMS.remove(stream);
                }
            }));
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        }
    }
}
