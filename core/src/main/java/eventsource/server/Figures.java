package eventsource.server;

/**
 * What a server did and has, as {@link EventSourceServer#figures} saw it. Counts begin with 0 when the server is built;
 * figures of one moment may differ by what happened while they were read.
 *
 * @param ready whether events are accepted and clients have what is emitted: neither stopped nor finished, and the event
 *     log, if there is one, can be followed
 * @param streams how many streams are open
 * @param opened how many streams were opened
 * @param emitted how many events were appended to the journal
 * @param delivered how many events were handed to subscribers: each counts once per stream
 * @param bytes how many bytes were handed to subscribers
 * @param gaps how many streams started with a gap
 * @param lagged how often a stream fell so far behind that events it needed were no longer retained
 * @param stalled how many streams ended because they took nothing
 * @param skipped how many entries of the event log nobody got: larger than {@link
 *     EventSourceServerBuilder#maxEventBytes}, or not understood by the log
 * @param retainedEvents how many events are retained
 * @param retainedBytes what they take, as {@link EventSourceServerBuilder#retainBytes} counts, those kept as the newest of
 *     their key included
 * @param topics how many topics have events or streams, or had lately
 * @param selectors how many selectors have a feed
 */
public record Figures(
        boolean ready,
        int streams,
        long opened,
        long emitted,
        long delivered,
        long bytes,
        long gaps,
        long lagged,
        long stalled,
        long skipped,
        int retainedEvents,
        long retainedBytes,
        int topics,
        int selectors) {}
