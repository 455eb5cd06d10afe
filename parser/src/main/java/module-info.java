import org.jspecify.annotations.NullMarked;

/**
 * The oracle of the tests: an event-stream parser written from the standard alone, and an HTTP client over a raw
 * socket. It depends on nothing of the server, so that a mistake of the encoder cannot be repeated here.
 */
@NullMarked
module eventsource.server.parser {
    requires static org.jspecify;

    exports eventsource.server.parser;
}
