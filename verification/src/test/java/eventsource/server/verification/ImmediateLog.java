package eventsource.server.verification;

import eventsource.server.Emission;
import eventsource.server.spi.EventLog;
import eventsource.server.spi.Position;
import eventsource.server.testkit.log.ScriptedLog;
import java.util.Collection;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A log of its own for each server, in which everything happens at once: with it, the core's own suite runs on a log. */
public final class ImmediateLog implements EventLog {

    private final EventLog log = new ScriptedLog(Runnable::run).node();

    @Override
    public CompletionStage<Position> append(Emission emission) {
        return log.append(emission);
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
