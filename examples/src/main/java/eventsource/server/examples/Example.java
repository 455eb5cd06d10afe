package eventsource.server.examples;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** A program that some {@link Host} serves. Those that are a module of their own come with an {@link ExampleModule}. */
public interface Example {

    /** Starts whatever emits, and says what is served where. */
    Site start();

    /** A clock of its own, on a thread that does not keep the program from ending. */
    static ScheduledExecutorService clock() {
        return Executors.newSingleThreadScheduledExecutor(Example::daemon);
    }

    /** A thread that does not keep the program from ending. */
    static Thread daemon(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    }
}
