import org.jspecify.annotations.NullMarked;

/** The event source server: events in, event streams out. */
@NullMarked
module eventsource.server {
    requires static transitive org.jspecify;

    exports eventsource.server;
    exports eventsource.server.spi;
}
