import org.jspecify.annotations.NullMarked;

/** Serves an event source server from containers of Jakarta Servlet 6. */
@NullMarked
module eventsource.server.servlet {
    requires transitive eventsource.server;
    requires transitive jakarta.servlet;
    requires static undertow.core;
    requires static undertow.servlet;
    requires static transitive org.jspecify;

    exports eventsource.server.servlet;
}
