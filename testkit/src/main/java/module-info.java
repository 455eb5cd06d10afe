import org.jspecify.annotations.NullMarked;

/** What adapters and logs are tested with. */
@NullMarked
module eventsource.server.testkit {
    requires transitive eventsource.server;
    requires transitive eventsource.server.parser;
    requires transitive java.net.http;
    requires transitive org.junit.jupiter.api;
    requires java.management;
    requires static transitive org.jspecify;

    exports eventsource.server.testkit;
    exports eventsource.server.testkit.checker;
    exports eventsource.server.testkit.log;

    // The tests of a contract are not public: it is inherited, not called.
    opens eventsource.server.testkit to
            org.junit.platform.commons;
    opens eventsource.server.testkit.log to
            org.junit.platform.commons;
}
