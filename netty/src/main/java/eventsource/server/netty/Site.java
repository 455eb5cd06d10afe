package eventsource.server.netty;

import org.jspecify.annotations.Nullable;

/** What all connections of a server share. Immutable, but for what it refers to. */
record Site(
        Routes routes,
        Limits limits,
        Admission admission,
        @Nullable Tls tls) {

    Site {
        // An answer of a stream is decided by these alone, so that HTTP/2 needs another connection, and nothing else.
        if (routes.isEmpty()) {
            throw new IllegalStateException("nothing is served; give the builder a route, as in route(\"/*\", events)");
        }
    }
}
