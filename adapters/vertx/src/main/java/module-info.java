import org.jspecify.annotations.NullMarked;

/** Serves an event source server from a route of Vert.x Web. */
@NullMarked
module eventsource.server.vertx {
    requires transitive eventsource.server;
    requires transitive io.vertx.core;
    requires transitive io.vertx.web;
    requires io.netty.codec.http;
    requires io.netty.transport;
    requires static transitive org.jspecify;

    exports eventsource.server.vertx;
}
