package eventsource.server;

import java.util.concurrent.CompletionStage;

/** Servers for tests whose every step happens on the thread of the test. */
final class Servers {

    private Servers() {}

    static EventSourceServerBuilder builder() {
        return EventSourceServer.builder().executor(Runnable::run);
    }

    static EventSourceServer create() {
        return builder().build();
    }

    /** What a stage that has completed gives, or throws what it failed with. */
    static <T> T now(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
