package eventsource.server.verification;

import com.sun.net.httpserver.HttpServer;
import eventsource.server.EventSourceServer;
import eventsource.server.spi.EventLog;
import eventsource.server.spi.HttpManners;
import jakarta.servlet.ServletContext;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.apache.pekko.actor.ActorSystem;

/** What the snippets of the documentation take for granted: each of them is compiled as a method of a subclass. */
@SuppressWarnings({"unused", "NullAway", "MissingJavadoc"})
public abstract class SnippetContext {

    protected EventSourceServer events;
    protected HttpServer http;
    protected ServletContext context;
    protected HttpManners manners;
    protected EventLog eventLog;
    protected ScheduledExecutorService clock;
    protected String lastEventId;
    protected URI uri;
    protected SSLContext sslContext;
    protected String method;
    protected String target;
    protected Map<String, List<String>> requestHeaders;
    protected boolean acceptedOnLoopback;
    protected Sessions sessions;
    protected Object session;
    protected Token token;
    protected Log log;
    protected Orders orders;
    protected Model model;
    protected Map<String, EventSourceServer> answers;
    protected EventSourceServer answer;
    protected String id;
    protected String question;
    protected Connection connection;
    protected ActorSystem system;

    protected Flow.Publisher<Order> orderQueue;

    /** An item of a queue. */
    protected interface Order {
        String id();

        String customer();

        String json();

        void acknowledge();

        void reject();
    }

    /** A client's connection to some web server. */
    protected interface Connection {
        CompletionStage<Void> write(ByteBuffer bytes);

        void end();

        void abort();
    }

    /** An application's sessions. */
    protected interface Sessions {
        CompletionStage<Session> find(String cookie);

        boolean has(Object session);

        void forget(Object session);
    }

    /** An application's session. */
    protected interface Session {
        String user();
    }

    /** An application's log. */
    protected interface Log {
        void info(String text);
    }

    /** An application's tokens. */
    protected interface Token {
        Instant expiry();
    }

    /** An application's data. */
    protected interface Orders {
        CompletionStage<String> load();
    }

    /** Something that answers questions. */
    protected interface Model {
        void answer(String question, Consumer<String> words, Runnable end);
    }

    protected EventSourceServer serverOf(String cookie) {
        return events;
    }

    protected void send(int status, Map<String, String> headers, String body) {}

    protected void stream(Map<String, String> headers, Flow.Publisher<ByteBuffer> body) {}

    /** Runs the snippet. */
    public abstract void run() throws Exception;
}
