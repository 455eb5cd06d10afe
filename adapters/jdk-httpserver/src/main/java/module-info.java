import org.jspecify.annotations.NullMarked;

/** Serves an event source server from the web server of the JDK. */
@NullMarked
module eventsource.server.jdkhttpserver {
    requires transitive eventsource.server;
    requires transitive jdk.httpserver;
    requires static transitive org.jspecify;

    exports eventsource.server.jdkhttpserver;
}
