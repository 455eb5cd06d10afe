package eventsource.server.servlet;

import io.undertow.server.HttpServerExchange;
import io.undertow.servlet.handlers.ServletRequestContext;
import jakarta.servlet.ServletRequest;
import java.io.IOException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The connection of a request in Undertow. The only class that needs Undertow's, and only where they are there. */
final class UndertowConnection {

    private static final boolean PRESENT = isPresent();

    private final HttpServerExchange exchange;

    private UndertowConnection(HttpServerExchange exchange) {
        this.exchange = exchange;
    }

    private static boolean isPresent() {
        try {
            ServletRequestContext.current();
            return true;
        } catch (LinkageError absent) {
            return false;
        }
    }

    /** The connection, or null if the request is another container's. On the thread that has brought the request. */
    static @Nullable UndertowConnection of(ServletRequest request) {
        ServletRequestContext context = PRESENT ? ServletRequestContext.current() : null;
        return context == null ? null : new UndertowConnection(context.getExchange());
    }

    /** The thread that writes it, and that has to be the only one. */
    Executor loop() {
        return exchange.getIoThread();
    }

    /** Closes it, whatever is still to be written. */
    void close() {
        try {
            exchange.getConnection().close();
        } catch (IOException closed) {
            // It is closed all the same.
        }
    }
}
