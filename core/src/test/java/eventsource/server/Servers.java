package eventsource.server;

import eventsource.server.spi.EventLog;
import java.util.ServiceLoader;
import java.util.concurrent.CompletionStage;

/** Servers for tests whose every step happens on the thread of the test. */
final class Servers {

    private Servers() {}

    /** The suite also runs on an event log, which another module brings: see there. */
    static EventSourceServerBuilder builder() {
        EventSourceServerBuilder builder = EventSourceServer.builder().executor(Runnable::run);
        ServiceLoader.load(EventLog.class).findFirst().ifPresent(builder::log);
        return builder;
    }

    static EventSourceServer create() {
        return builder().build();
    }

    /** What a stage that has completed gives, or throws what it failed with. */
    static <T> T now(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
