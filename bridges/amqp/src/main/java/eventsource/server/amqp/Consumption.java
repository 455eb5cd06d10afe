package eventsource.server.amqp;

import com.rabbitmq.client.Delivery;
import eventsource.server.Emission;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a source does, on a thread of its own: connects, makes emissions of messages, hands them to the supply as it
 * asks for them, settles messages as the supply says, and connects again.
 *
 * <p>Confinement. Everything that changes belongs to that thread. The client's threads, the supply and whoever stops
 * the source only put into the inbox what is to be done; so nothing is locked, none of them ever waits for the broker,
 * and what the broker, the supply and the user say is dealt with in one order. {@code link} is written by that thread,
 * and read by others for the figures.
 *
 * <p>The inbox is bounded by those who fill it: by the broker with as many messages as are prefetched, and by the
 * supply with what becomes of the item that it has, and its request for the next.
 */
final class Consumption implements Flow.Publisher<Item>, Flow.Subscription {

    /** How long an event that is being stored is waited for at the end. */
    private static final long LAST_PATIENCE = TimeUnit.SECONDS.toNanos(5);

    private static final long NO_HURRY = TimeUnit.HOURS.toNanos(1);

    private final Settings settings;
    private final Function<? super Delivery, Emission> mapper;
    private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Tally tally = new Tally();

    private final Deque<Delivery> waiting = new ArrayDeque<>(); // of this link
    private final Remembered emitted;
    private final Backoff backoff;
    private volatile @Nullable Link link;
    private long attemptAt = System.nanoTime();
    private boolean connectedBefore;
    private boolean toldDown;
    private long demand;
    private int unfinished; // items that the supply has not settled
    private boolean ending;
    private long endBy;

    Consumption(Settings settings, Function<? super Delivery, Emission> mapper) {
        this.settings = settings;
        this.mapper = mapper;
        this.emitted = new Remembered(settings.remembered());
        this.backoff = new Backoff(settings.shortest(), settings.longest(), new SplittableRandom());
    }

    // --- called by others ---

    /** Begins. The supply is the only subscriber, and subscribes once. */
    @Override
    public void subscribe(Flow.Subscriber<? super Item> supply) {
        Thread thread =
                new Thread(() -> run(supply), "events of " + settings.origin().name());
        thread.setDaemon(true);
        supply.onSubscribe(this);
        thread.start();
    }

    @Override
    public void request(long items) {
        inbox.add(() -> demand += items);
    }

    @Override
    public void cancel() {
        inbox.add(this::end);
    }

    /** Says what became of an item. */
    void settled(Item item, @Nullable Throwable failure) {
        inbox.add(() -> settle(item, failure));
    }

    CompletionStage<Void> ended() {
        return ended.minimalCompletionStage();
    }

    AmqpFigures figures() {
        return tally.figures(link);
    }

    // --- the thread ---

    private void run(Flow.Subscriber<? super Item> supply) {
        while (!isOver()) {
            try {
                step(supply);
            } catch (InterruptedException strange) {
                // A mapper may have done that to its thread. Whoever wants the source to stop calls stop.
            } catch (Throwable failure) { // as when there is no memory
                lose(failure);
            }
        }
        Link last = link;
        link = null;
        if (last != null) {
            last.close();
        }
        Log.write(Level.INFO, settings.origin().name() + " is not consumed any more", null);
        ended.complete(null);
    }

    private boolean isOver() {
        return ending && (unfinished == 0 || System.nanoTime() - endBy >= 0);
    }

    private void step(Flow.Subscriber<? super Item> supply) throws InterruptedException {
        for (Runnable next = inbox.poll(); next != null; next = inbox.poll()) {
            next.run();
        }
        emit(supply);
        if (link == null && !ending && System.nanoTime() - attemptAt >= 0) {
            connect();
        }
        Runnable next = isOver() ? null : inbox.poll(patience(), TimeUnit.NANOSECONDS);
        if (next != null) {
            next.run();
        }
    }

    private long patience() {
        if (ending) {
            return endBy - System.nanoTime();
        }
        return link == null ? attemptAt - System.nanoTime() : NO_HURRY;
    }

    private void end() {
        if (!ending) {
            ending = true;
            endBy = System.nanoTime() + LAST_PATIENCE;
            waiting.clear(); // the broker has them back when the connection is closed
        }
    }

    // --- the connection ---

    private void connect() {
        try {
            link = Link.open(
                    settings,
                    (from, delivery) -> inbox.add(() -> delivered(from, delivery)),
                    (from, why) -> inbox.add(() -> lost(from, why)));
        } catch (Throwable failure) { // of the network, the broker, or what declares
            lose(failure);
            return;
        }
        boolean mayHaveMissed = connectedBefore && !settings.origin().isKept();
        connectedBefore = true;
        toldDown = false;
        Log.write(
                mayHaveMissed ? Level.WARNING : Level.INFO,
                settings.origin().name() + " is consumed"
                        + (mayHaveMissed ? "; what was published meanwhile is missing" : ""),
                null);
        Log.call(() -> settings.listener().connected(mayHaveMissed));
    }

    private void lost(Link from, Throwable why) {
        if (from == link) {
            lose(why);
        }
    }

    /**
     * Gives the connection up, if there is one, and sees to another one. What was not settled on it the broker delivers
     * again.
     */
    private void lose(Throwable why) {
        Link gone = link;
        link = null;
        waiting.clear();
        if (gone != null) {
            tally.interruptions.increment();
            if (gone.age() >= settings.longest().toNanos()) {
                backoff.reset();
            }
            gone.close();
        }
        attemptAt = System.nanoTime() + backoff.next();
        if (!toldDown && !ending) {
            toldDown = true;
            Log.write(Level.WARNING, settings.origin().name() + " cannot be consumed; trying again until it can", why);
            Log.call(() -> settings.listener().disconnected(why));
        }
    }

    // --- messages ---

    private void delivered(Link from, Delivery delivery) {
        if (from == link && !ending) {
            tally.received(delivery);
            waiting.add(delivery);
        }
    }

    private void emit(Flow.Subscriber<? super Item> supply) {
        Link from = link;
        while (from != null && from == link && demand > 0 && !waiting.isEmpty()) {
            Item item = item(from, waiting.remove());
            if (item != null) {
                demand--;
                unfinished++;
                hand(supply, item);
            }
        }
    }

    /** Where even that fails, as when there is no memory, nobody will settle the item or ask for another one. */
    private void hand(Flow.Subscriber<? super Item> supply, Item item) {
        try {
            supply.onNext(item);
        } catch (Throwable failure) {
            unfinished--;
            demand++;
            throw failure;
        }
    }

    /** What is to be emitted of a message; null if nothing is, and then the message is settled. */
    private @Nullable Item item(Link from, Delivery delivery) {
        try {
            String id = settings.id().apply(delivery);
            if (emitted.has(id)) {
                tally.repeated.increment();
                acknowledge(from, delivery);
                return null;
            }
            Emission emission = Objects.requireNonNull(mapper.apply(delivery), "the mapper has given no emission");
            return new Item(from, delivery, id, emission);
        } catch (Throwable thrown) {
            if (isOfTheMachine(thrown)) {
                throw thrown;
            }
            reject(from, delivery, thrown);
            return null;
        }
    }

    /** Whether something was thrown for which no message is to blame: it is to be delivered again. */
    private static boolean isOfTheMachine(Throwable thrown) {
        return thrown instanceof LinkageError
                || (thrown instanceof VirtualMachineError && !(thrown instanceof StackOverflowError));
    }

    private void settle(Item item, @Nullable Throwable failure) {
        unfinished--;
        if (failure == null) {
            emitted.add(item.id());
            backoff.reset();
            acknowledge(item.link(), item.delivery());
        } else if (failure instanceof IllegalStateException) { // the server or the source was stopped
            end();
        } else if (!ending
                && (failure instanceof IllegalArgumentException || failure instanceof NullPointerException)) {
            reject(item.link(), item.delivery(), failure);
        } else {
            Log.write(
                    Level.WARNING,
                    "the server takes nothing any more from "
                            + settings.origin().name(),
                    failure);
            end();
        }
    }

    private void acknowledge(Link from, Delivery delivery) {
        if (from != link) {
            return; // the broker delivers it again; the tag means nothing to the connection that there is now
        }
        try {
            from.acknowledge(delivery);
            tally.acknowledged.increment();
        } catch (IOException | RuntimeException broken) {
            lose(broken);
        }
    }

    private void reject(Link from, Delivery delivery, Throwable why) {
        if (from != link) {
            return; // it will be rejected when it is delivered again
        }
        try {
            from.reject(delivery);
        } catch (IOException | RuntimeException broken) {
            lose(broken);
            return;
        }
        tally.rejected.increment();
        Log.write(Level.WARNING, AmqpSource.describe(delivery) + " was rejected: no event can be made of it", why);
        Log.call(() -> settings.listener().rejected(delivery, why));
    }
}
