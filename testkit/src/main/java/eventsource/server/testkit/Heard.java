package eventsource.server.testkit;

import eventsource.server.EventStream;
import eventsource.server.StreamEnd;
import eventsource.server.StreamListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Remembers which streams were opened, and how streams ended. */
final class Heard implements StreamListener {

    private final Supplier<Duration> soon;
    private final BlockingQueue<StreamEnd> ends = new LinkedBlockingQueue<>();

    private final BlockingQueue<EventStream> opened = new LinkedBlockingQueue<>();

    Heard(Supplier<Duration> soon) {
        this.soon = soon;
    }

    @Override
    public void opened(EventStream stream) {
        opened.add(stream);
    }

    @Override
    public void closed(EventStream stream, StreamEnd end) {
        ends.add(end);
    }

    /** Waits for the next end that nobody has asked for yet. */
    StreamEnd nextEnd() throws InterruptedException {
        return next(ends, "end of a stream");
    }

    /** Waits for the next stream that nobody has asked for yet. */
    EventStream nextOpened() throws InterruptedException {
        return next(opened, "opened stream");
    }

    private <T> T next(BlockingQueue<T> heard, String what) throws InterruptedException {
        T next = heard.poll(soon.get().toMillis(), TimeUnit.MILLISECONDS);
        if (next == null) {
            throw new AssertionError("the listener heard of no further " + what + " within " + soon.get());
        }
        return next;
    }

    /** The ends that nobody has asked for yet, sorted. */
    List<StreamEnd> otherEnds() {
        return ends.stream().sorted().toList();
    }

    /** Lets go of what nobody has asked for. */
    void forget() {
        opened.clear();
        ends.clear();
    }
}
