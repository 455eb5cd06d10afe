package eventsource.server.spi;

import eventsource.server.Emission;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Where emissions are kept beyond the life of a process, or shared by many: a database, a stream of a broker. With a log,
 * servers give their clients what the log lets them follow, and nothing else; so every server on the same log has the same
 * events, in the same order, under the same ids.
 *
 * <p>The rules that a log keeps are numbered in {@code docs/design/event-log.md}; the testkit has them as tests, in {@code
 * EventLogContract}, and a log in memory to learn from.
 *
 * <p>Any thread may call any method; none blocks. What a log calls, it calls one after the other, on threads of its own, and
 * holds no lock meanwhile.
 */
public interface EventLog extends AutoCloseable {

    /**
     * Appends an emission. Emissions of this node become entries in the order of the calls.
     *
     * @param emission what to append
     * @return completes with its position once it is as durable as this log promises. Fails within a time that the log
     *     names: with an {@link AppendRefusedException} if it is not in the log and never will be, as when a queue is full or
     *     the engine is down; with an {@link AppendUnknownException} if it may be in the log, or may still get there
     */
    CompletionStage<Position> append(Emission emission);

    /**
     * Reads entries in the log's order.
     *
     * @param after where to begin: the first entry after this position
     * @param topics what the reader looks for, the empty name standing for emissions without a topic: the page has at least
     *     those entries, and may have others. Empty for all entries
     * @param maxBytes about how much to read, counting the data of events; a page that could have an entry has at least one
     * @return completes with a page; fails if the log cannot be read now
     */
    CompletionStage<Page> read(Position after, Collection<String> topics, int maxBytes);

    /**
     * Follows the log: every entry after a position, of all nodes, appended by this one or another, once and in order.
     *
     * @param after where to begin: any ordinal of the epoch from that of {@link Range#after} to that of the newest entry,
     *     whether an entry stands there or not; what is before that, or of another epoch, is told as lost
     * @param follower hears of entries, losses and outages
     * @return ends the following: once its {@code close} has returned, at most the call that is being made goes on
     */
    Following follow(Position after, Follower follower);

    /**
     * What the log has.
     *
     * @return completes with the range; fails if the log cannot be read now
     */
    CompletionStage<Range> range();

    /**
     * Finds an emission by its event's own id. A log that keeps no index of them finds none.
     *
     * @param eventId an id as a client sent it: any text
     * @return completes with the position of the first retained entry with this id, or null
     */
    default CompletionStage<@Nullable Position> find(String eventId) {
        return CompletableFuture.completedStage(null);
    }

    /**
     * How many entries were passed over, because no server that uses this log can have written them.
     *
     * @return the number since the log was opened on this node; 0 for a log that cannot tell
     */
    default long skipped() {
        return 0;
    }

    /**
     * Ends the log on this node. Following ends, nothing is called any more, and appends that are still pending fail with an
     * {@link AppendUnknownException}. After that, appends are refused, reads fail, and whoever follows hears nothing. Closing
     * twice is the same as once.
     */
    @Override
    void close();

    /**
     * An emission in the log.
     *
     * @param position where it stands
     * @param emission what was appended
     */
    record Entry(Position position, Emission emission) {}

    /**
     * A part of the log.
     *
     * @param entries in the log's order
     * @param through how far was looked: there is nothing else to be read up to here, and the next page comes after it.
     *     The same as where the page began if, and only if, there is nothing more yet
     * @param trimmed whether anything after the position where the page was to begin is no longer in the log, or that
     *     position was never given in this epoch; the page then begins with the oldest entry
     */
    record Page(List<Entry> entries, Position through, boolean trimmed) {

        /**
         * Makes a page; copies the entries.
         *
         * @param entries the entries
         * @param through how far was looked
         * @param trimmed whether something is missing
         */
        public Page {
            entries = List.copyOf(entries);
        }
    }

    /**
     * What a log has: every entry after one position up to another.
     *
     * @param after nothing after this position was trimmed; that of the newest entry that was trimmed, or any before the
     *     first entry
     * @param newest the position of the newest entry, or of one after it that was passed over; the same as {@code after} if
     *     there is none
     */
    record Range(Position after, Position newest) {}

    /** Ends a following. */
    interface Following extends AutoCloseable {

        /** Ends the following; closing twice is the same as once. */
        @Override
        void close();
    }

    /** Hears what happens to a log. The methods do not block, and throw nothing. */
    interface Follower {

        /**
         * Entries, in order.
         *
         * @param batch one entry or more
         */
        void entries(List<Entry> batch);

        /**
         * Entries may be missing before the next ones: they were trimmed before they could be followed, or the epoch has
         * changed.
         *
         * @param now what the log has now; following goes on after {@code now.after()}, which is never before what was
         *     followed of the same epoch
         */
        void lost(Range now);

        /**
         * The log cannot be followed at present. The log goes on trying.
         *
         * @param why the reason
         */
        void down(Throwable why);

        /** The log can be followed again. */
        void up();
    }
}
