package eventsource.server.amqp;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import eventsource.server.Emission;
import eventsource.server.EventSourceServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Options for an {@link AmqpSource}, and its start. Not safe for several threads at once. */
public final class AmqpSourceBuilder {

    /** What {@code basic.qos} can say. */
    private static final int MOST_PREFETCHED = 65_535;

    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    private final ConnectionFactory factory;
    private final Origin origin;
    private List<Address> addresses = List.of();
    private int prefetch = 100;
    private Duration shortest = Duration.ofMillis(500);
    private Duration longest = Duration.ofSeconds(10);
    private Declaration declaration = channel -> {};
    private Function<? super Delivery, @Nullable String> id = delivery -> null;
    private int remembered;
    private AmqpSourceListener listener = new AmqpSourceListener() {};

    /** Declares what has to be there before a queue can be consumed. */
    @FunctionalInterface
    public interface Declaration {

        /**
         * Called on the source's thread whenever it has connected.
         *
         * @param channel the channel on which it will consume. Leave it open
         * @throws IOException if that was not possible; the source connects again, after a pause
         */
        void declare(Channel channel) throws IOException;
    }

    AmqpSourceBuilder(ConnectionFactory factory, Origin origin) {
        this.factory = factory.clone();
        this.factory.setAutomaticRecoveryEnabled(false);
        this.origin = origin;
    }

    /**
     * Where the brokers of a cluster are; the first that answers is taken.
     *
     * @param brokers host names and ports; by default, and if none is given, those of the factory
     * @return this builder
     */
    public AmqpSourceBuilder addresses(Address... brokers) {
        addresses = List.of(brokers);
        return this;
    }

    /**
     * How many messages the broker delivers at most that were not acknowledged yet. They are in memory until the event
     * source server asks for them, which it does one by one; a larger number only hides the time that acknowledgements
     * are on their way.
     *
     * @param messages 1 to 65,535; by default 100
     * @return this builder
     */
    public AmqpSourceBuilder prefetch(int messages) {
        if (messages < 1 || messages > MOST_PREFETCHED) {
            throw new IllegalArgumentException("prefetch is " + messages
                    + "; choose 1 to 65535 (0, which would mean any number, would not bound the memory)");
        }
        prefetch = messages;
        return this;
    }

    /**
     * How long to wait before connecting again. The pause doubles from the shorter to the longer, and a random part of
     * up to half is taken off, so that not all come back at once. It starts anew once a message was stored, or a
     * connection has lasted.
     *
     * @param shorter at least 1 ms; by default 500 ms
     * @param longer at least the shorter, up to an hour; by default 10 s
     * @return this builder
     */
    public AmqpSourceBuilder reconnect(Duration shorter, Duration longer) {
        if (shorter.compareTo(Duration.ofMillis(1)) < 0
                || longer.compareTo(shorter) < 0
                || longer.compareTo(LONGEST_PAUSE) > 0) {
            throw new IllegalArgumentException("reconnect is " + shorter + " to " + longer
                    + "; choose at least 1 ms, at most an hour, and the shorter one first");
        }
        shortest = shorter;
        longest = longer;
        return this;
    }

    /**
     * Has a queue, an exchange or bindings declared whenever the source has connected. What exists is not changed by
     * that, and what the broker has forgotten is there again.
     *
     * @param what declares it; by default nothing is declared
     * @return this builder
     */
    public AmqpSourceBuilder declaring(Declaration what) {
        declaration = Objects.requireNonNull(what, "what");
        return this;
    }

    /**
     * Recognises messages that are delivered again: one whose id is among the last ids that were emitted is
     * acknowledged, and counted as {@linkplain AmqpFigures#repeated repeated}, but not emitted. Those ids are
     * remembered as long as the source runs.
     *
     * @param idOf what only this message has, such as the property {@code message-id} if its sender gave it one; null
     *     for a message that is not to be recognised. Called on the source's thread; a message for which it throws is
     *     rejected
     * @param last how many ids to remember, 1 or more: the prefetch at least, and more where senders repeat messages
     * @return this builder
     */
    public AmqpSourceBuilder distinctBy(Function<? super Delivery, @Nullable String> idOf, int last) {
        if (last < 1) {
            throw new IllegalArgumentException("no id would be remembered; choose 1 or more, rather than " + last);
        }
        id = Objects.requireNonNull(idOf, "idOf");
        remembered = last;
        return this;
    }

    /**
     * Who hears what happens to the source.
     *
     * @param newListener the listener; by default nobody
     * @return this builder
     */
    public AmqpSourceBuilder listener(AmqpSourceListener newListener) {
        listener = Objects.requireNonNull(newListener, "newListener");
        return this;
    }

    /**
     * Starts a source that supplies a server. It connects on a thread of its own, and goes on trying for as long as
     * that does not succeed.
     *
     * @param server emits what is made of the messages; when it is stopped or has finished, the source is stopped
     * @param mapper makes an emission of a message. Called on the source's thread, for one message after the other. If
     *     it throws, gives null, or gives an event that the server does not accept, such as one that is too large, the
     *     message is rejected: the queue's dead-letter exchange is given it, or it is gone
     * @return the source, which runs
     */
    public AmqpSource supplyTo(EventSourceServer server, Function<? super Delivery, Emission> mapper) {
        Settings settings = new Settings(
                factory, addresses, origin, declaration, prefetch, shortest, longest, id, remembered, listener);
        Consumption consumption = new Consumption(settings, Objects.requireNonNull(mapper, "mapper"));
        Flow.Subscription supply = server.supply(consumption, Item::emission, consumption::settled);
        return new AmqpSource(consumption, supply);
    }
}
