package eventsource.server.interop;

import java.io.IOException;
import java.util.concurrent.ExecutionException;

/**
 * What users write around a client that does not reconnect by itself: it connects again with the last event id and after the
 * time that the client tells, until it is answered 204.
 */
final class Loop {

    /** One connection. */
    interface Connection {

        /** Connects, and returns when the connection has ended. */
        void follow(Loop loop) throws Exception;
    }

    private volatile String lastEventId = "";
    private volatile long retryMillis = 1_000;
    private volatile boolean over;

    private Loop() {}

    static void run(Connection connection) throws InterruptedException {
        Report.untilInputCloses();
        Loop loop = new Loop();
        while (true) {
            try {
                connection.follow(loop);
                if (loop.over) {
                    Report.closed();
                    return;
                }
                Report.error("the stream has ended");
            } catch (ExecutionException failure) {
                Report.error(failure.getCause());
            } catch (Exception failure) {
                Report.error(failure);
            }
            Thread.sleep(loop.retryMillis); // as long as the server said: waiting is what this client does here
        }
    }

    /** The value of the header, empty if the request is to have none. */
    String lastEventId() {
        return lastEventId;
    }

    /**
     * Takes the status of a response.
     *
     * @return true if events follow, false if the server wants to be left alone
     */
    boolean opened(int status) throws IOException {
        over = status == 204;
        if (status == 200) {
            Report.open();
        } else if (!over) {
            throw new IOException("the status is " + status);
        }
        return !over;
    }

    /** Takes an event; what the client does not tell is null, or empty in the case of the id. */
    void event(String type, String data, String id) {
        Report.event(type, data, id);
        if (id != null && !id.isEmpty()) {
            lastEventId = id;
        }
    }

    /** Takes the reconnection time. */
    void retry(long millis) {
        retryMillis = millis;
    }
}
