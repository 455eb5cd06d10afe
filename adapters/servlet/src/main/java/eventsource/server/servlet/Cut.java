package eventsource.server.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;

/**
 * Ends a response without the end of its body, at once where that can be had, though the container may still have bytes that the client does not
 * take. The Servlet API has no word for it, so each container is told in its own way; none of them by reflection.
 */
abstract class Cut {

    private static final String TOMCAT = "org.apache.catalina.core.AsyncContextImpl";

    final HttpServletResponse response;
    final AsyncContext context;
    private volatile boolean waiting;

    private Cut(HttpServletResponse response, AsyncContext context) {
        this.response = response;
        this.context = context;
    }

    /** The one for the container that has brought the request. */
    static Cut of(HttpServletRequest request, HttpServletResponse response, AsyncContext context) {
        UndertowConnection undertow = UndertowConnection.of(request);
        if (undertow != null) {
            return new OfUndertow(response, context, undertow);
        }
        boolean tomcat = context.getClass().getName().equals(TOMCAT);
        return tomcat ? new ByTrailers(request, response, context) : new ByError(response, context);
    }

    /** Before the head is sent. */
    void prepare() {}

    /** What has to be said while the container cannot take the response back: under the lock, and so before {@link #now}. */
    void whileOurs() {}

    /** Ends the response; nothing else is done to it afterwards. Not under any lock: the container may take its own. */
    abstract void now();

    /** When the container can be written again. */
    final void check() throws IOException {
        if (waiting) {
            throw new IOException("the stream was cut off");
        }
    }

    /** The container closes a connection whose listener fails; it asks the listener when the client reads, or gives up itself. */
    final void whenWritable() {
        waiting = true;
    }

    final void complete() {
        try {
            context.complete();
        } catch (IllegalStateException completed) {
            // The container knows already.
        }
    }

    /** Jetty aborts a response whose error is -1; others say that the response is committed. */
    private static final class ByError extends Cut {

        ByError(HttpServletResponse response, AsyncContext context) {
            super(response, context);
        }

        @Override
        void now() {
            try {
                response.sendError(-1);
                complete();
            } catch (IOException | RuntimeException unknown) {
                whenWritable();
            }
        }
    }

    /**
     * Tomcat closes a connection whose last chunk cannot be written, and asks for the trailers just before that. What it has
     * still to write comes first, and no word makes it give that up: if the client does not read on, its own time-out of
     * writing ends the connection.
     */
    private static final class ByTrailers extends Cut {

        private final boolean chunked;
        private volatile boolean cut;

        ByTrailers(HttpServletRequest request, HttpServletResponse response, AsyncContext context) {
            super(response, context);
            chunked = !request.getProtocol().equals("HTTP/1.0");
        }

        @Override
        void prepare() {
            if (chunked) {
                response.setTrailerFields(() -> {
                    if (cut) {
                        ByTrailers.<RuntimeException>raise(new IOException("the stream was cut off"));
                    }
                    return Map.of();
                });
            }
        }

        /** An {@code IOException} is what the container expects there, and does not log. */
        @SuppressWarnings("unchecked")
        private static <E extends Throwable> void raise(Throwable failure) throws E {
            throw (E) failure;
        }

        /** The container uses the same context again for another request. Completing takes no lock but that of its states. */
        @Override
        void whileOurs() {
            if (chunked) {
                cut = true;
                complete();
            } else {
                whenWritable();
            }
        }

        @Override
        void now() {}
    }

    /** Undertow lets whoever has its classes close the connection. */
    private static final class OfUndertow extends Cut {

        private final UndertowConnection connection;

        OfUndertow(HttpServletResponse response, AsyncContext context, UndertowConnection connection) {
            super(response, context);
            this.connection = connection;
        }

        /** Otherwise its stream says that it is ready while its buffer has what the client does not take. */
        @Override
        void prepare() {
            response.setBufferSize(1);
        }

        @Override
        void now() {
            connection.close();
            complete();
        }
    }
}
