package eventsource.server.amqp;

/**
 * What an {@link AmqpSource} did and has, as {@link AmqpSource#figures} saw it. Counts begin with 0 when the source is
 * started; figures of one moment may differ by what happened while they were read.
 *
 * @param connected whether the source is connected, and consumes
 * @param received how many messages were delivered, each as often as that happened
 * @param redelivered how many of those the broker has marked as delivered before, to whomever
 * @param acknowledged how many acknowledgements were sent; the broker may not have received the last ones of a
 *     connection that was lost
 * @param rejected how many messages were rejected, because no event could be made of them
 * @param repeated how many messages were acknowledged and not emitted, because {@link AmqpSourceBuilder#distinctBy} had
 *     them recognised
 * @param interruptions how often a connection was lost
 * @param unsettled how many messages were delivered on this connection and neither acknowledged nor rejected: never
 *     more than {@link AmqpSourceBuilder#prefetch}
 */
public record AmqpFigures(
        boolean connected,
        long received,
        long redelivered,
        long acknowledged,
        long rejected,
        long repeated,
        long interruptions,
        int unsettled) {}
