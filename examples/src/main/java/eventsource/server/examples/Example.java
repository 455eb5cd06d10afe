package eventsource.server.examples;

/** A program that some {@link Host} serves. */
interface Example {

    /** Starts whatever emits, and says what is served where. */
    Site start();

    /** A thread that does not keep the program from ending. */
    static Thread daemon(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    }
}
