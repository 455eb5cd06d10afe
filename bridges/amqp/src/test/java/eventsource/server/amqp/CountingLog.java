package eventsource.server.amqp;

import eventsource.server.Emission;
import eventsource.server.spi.EventLog;
import eventsource.server.spi.Position;
import java.util.Collection;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Another log, and how often it was given an event: what it holds back, nobody else tells. */
record CountingLog(EventLog log, AtomicInteger appends) implements EventLog {

    CountingLog(EventLog log) {
        this(log, new AtomicInteger());
    }

    /** Waits until it was given so many events. */
    void await(int count) throws Exception {
        Await.until(() -> appends + " events", () -> appends.get() >= count);
    }

    @Override
    public CompletionStage<Position> append(Emission emission) {
        CompletionStage<Position> appended = log.append(emission);
        appends.incrementAndGet();
        return appended;
    }

    @Override
    public CompletionStage<Page> read(Position after, Collection<String> topics, int maxBytes) {
        return log.read(after, topics, maxBytes);
    }

    @Override
    public Following follow(Position after, Follower follower) {
        return log.follow(after, follower);
    }

    @Override
    public CompletionStage<Range> range() {
        return log.range();
    }

    @Override
    public CompletionStage<@Nullable Position> find(String eventId) {
        return log.find(eventId);
    }

    @Override
    public void close() {
        log.close();
    }
}
