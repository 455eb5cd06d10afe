package eventsource.server.verification;

import com.sun.net.httpserver.HttpServer;
import eventsource.server.EventSourceServer;
import eventsource.server.spi.HttpManners;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** What the snippets of the documentation take for granted: each of them is compiled as a method of a subclass. */
@SuppressWarnings({"unused", "NullAway", "MissingJavadoc"})
public abstract class SnippetContext {

    protected EventSourceServer events;
    protected HttpServer http;
    protected HttpManners manners;
    protected String lastEventId;
    protected String method;
    protected String target;
    protected Map<String, List<String>> requestHeaders;
    protected boolean acceptedOnLoopback;
    protected Sessions sessions;
    protected Log log;

    /** An application's sessions. */
    protected interface Sessions {
        CompletionStage<Session> find(String cookie);
    }

    /** An application's session. */
    protected interface Session {
        String user();
    }

    /** An application's log. */
    protected interface Log {
        void info(String text);
    }

    protected void send(int status, Map<String, String> headers, String body) {}

    protected void stream(Map<String, String> headers, Flow.Publisher<ByteBuffer> body) {}

    /** Runs the snippet. */
    public abstract void run() throws Exception;
}
