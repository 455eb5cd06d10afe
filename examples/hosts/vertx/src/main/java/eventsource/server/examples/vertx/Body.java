package eventsource.server.examples.vertx;

import io.vertx.core.buffer.Buffer;

/** What is posted, up to a limit; what is beyond it is read, because the client is still sending, and dropped. */
final class Body {

    private final int most;
    private Buffer bytes = Buffer.buffer();
    private boolean tooLarge;

    Body(int most) {
        this.most = most;
    }

    void add(Buffer more) {
        tooLarge |= bytes.length() + more.length() > most;
        bytes = tooLarge ? Buffer.buffer() : bytes.appendBuffer(more);
    }

    boolean isTooLarge() {
        return tooLarge;
    }

    byte[] bytes() {
        return bytes.getBytes();
    }
}
