package eventsource.server;

import eventsource.server.spi.EventLog;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The options of an {@link EventSourceServer}. Each method checks its value and returns this builder. Not for use by
 * several threads at once; may build any number of servers.
 */
public final class EventSourceServerBuilder {

    private static final StreamListener SILENT = new StreamListener() {};
    private static final Duration A_DAY = Duration.ofDays(1);

    /** What a server has that is created without a builder; shared by all of them. */
    static final Settings DEFAULTS = new EventSourceServerBuilder().settings();

    private long retainBytes = 64L << 20;
    private Duration retainFor = Duration.ofMinutes(5);
    private int retainPerTopic;
    private int keys;
    private LagPolicy lag = LagPolicy.CLOSE;
    private int maxEventBytes = 1 << 20;
    private int maxStreams = 100_000;
    private int maxSelectors = 1_000;
    private Duration keepalive = Duration.ofSeconds(15);
    private Duration stall = Duration.ofSeconds(10);
    private @Nullable Between lifetime;
    private Between retry = new Between(2_000, 4_000);
    private Between retryWhenRefused = new Between(5_000, 15_000);
    private @Nullable String openingEvent;
    private @Nullable String gapEvent;
    private @Nullable EventLog log;
    private StreamListener listener = SILENT;
    private @Nullable Executor executor;
    private @Nullable Wheel wheel;
    private @Nullable Settings last;

    EventSourceServerBuilder() {}

    /**
     * How much memory is retained for clients that are slow or come back: the encoded events, and what surrounds them: 96
     * bytes for each event, 24 for each topic and selector that it belongs to, 96 for each id and key and for the name and the
     * value of each label, and what they have of text, and 256 for each topic that has events. The oldest go first. The newest event is retained however large
     * it is. What {@link #keys} keeps may take as much again.
     *
     * @param bytes at least 1; by default 64 MiB
     * @return this builder
     */
    public EventSourceServerBuilder retainBytes(long bytes) {
        retainBytes = atLeastOne("retainBytes", bytes);
        return this;
    }

    /**
     * How long events are retained.
     *
     * @param age by default 5 minutes; zero for no limit but {@link #retainBytes}
     * @return this builder
     */
    public EventSourceServerBuilder retainFor(Duration age) {
        Objects.requireNonNull(age, "age");
        if (age.isNegative() || age.compareTo(Duration.ofDays(365)) > 0) {
            throw new IllegalArgumentException("retainFor is " + age + "; choose a duration from zero to 365 days");
        }
        retainFor = age;
        return this;
    }

    /**
     * How many events are retained of each topic, and of the server's own stream, so that a busy topic leaves the others'
     * events where they are. Those that a selector's streams may still ask for are retained beyond that.
     *
     * @param events by default 0: no limit but those of the server
     * @return this builder
     */
    public EventSourceServerBuilder retainPerTopic(int events) {
        if (events < 0) {
            throw new IllegalArgumentException(
                    "retainPerTopic is " + events + "; choose 0 for no limit, or a number of events");
        }
        retainPerTopic = events;
        return this;
    }

    /**
     * How many events are kept beyond all other limits, because they are the newest of their key: for streams that want
     * {@linkplain StreamRequest#newestPerKeyFirst the newest per key}. The oldest go first, also when they take more than
     * {@link #retainBytes}; clients that may need one of those are told of a gap when they come back.
     *
     * @param events by default 0: keys have no meaning, and streams that want the newest per key are refused
     * @return this builder
     */
    public EventSourceServerBuilder keys(int events) {
        if (events < 0) {
            throw new IllegalArgumentException("keys is " + events + "; choose 0 for none, or a number of events");
        }
        keys = events;
        return this;
    }

    /**
     * What becomes of a client that is so slow that events it was not sent yet are no longer retained.
     *
     * @param policy by default {@link LagPolicy#CLOSE}. {@link LagPolicy#SKIP} needs a {@link #gapEvent}, and {@link
     *     LagPolicy#NEWEST_PER_KEY} needs {@link #keys}
     * @return this builder
     */
    public EventSourceServerBuilder lag(LagPolicy policy) {
        lag = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /**
     * The largest event that is accepted, in bytes of its encoded fields. Many clients give up on events of more than
     * 64 KiB.
     *
     * @param bytes at least 1; by default 1 MiB
     * @return this builder
     */
    public EventSourceServerBuilder maxEventBytes(int bytes) {
        maxEventBytes = (int) atLeastOne("maxEventBytes", bytes);
        return this;
    }

    /**
     * How many streams may be open at once. Whoever comes when there are as many is refused: see
     * {@link StreamRefusedException}.
     *
     * @param streams at least 1; by default 100,000
     * @return this builder
     */
    public EventSourceServerBuilder maxStreams(int streams) {
        maxStreams = (int) atLeastOne("maxStreams", streams);
        return this;
    }

    /**
     * Of how many different selectors there may be streams at once; each costs every emitter a little. Whoever comes with
     * another one is refused. Selectors without streams make room for new ones.
     *
     * @param selectors at least 1; by default 1,000
     * @return this builder
     */
    public EventSourceServerBuilder maxSelectors(int selectors) {
        maxSelectors = (int) atLeastOne("maxSelectors", selectors);
        return this;
    }

    /**
     * How long a stream may live. Each is given a time of its own between the two, so that they do not all end at once when
     * they began at once. It ends as {@link StreamEnd#EXPIRED}, at the end of an event, and its client comes back.
     *
     * @param least a millisecond or more
     * @param most up to a day. By default streams live for as long as their clients want
     * @return this builder
     */
    public EventSourceServerBuilder lifetime(Duration least, Duration most) {
        Between bounds = Between.of("lifetime", least, most);
        lifetime = new Between(atLeastOne("lifetime in milliseconds", bounds.leastMillis()), bounds.mostMillis());
        return this;
    }

    /**
     * After how much silence a stream is sent a comment line, so that nothing on the way takes the connection for a dead
     * one; proxies commonly wait for 30 or 60 seconds. Whatever is sent restarts the time. The resolution is 100 ms.
     *
     * @param silence up to a day; by default 15 seconds; zero for never
     * @return this builder
     * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html#authoring-notes">Authoring notes</a>
     */
    public EventSourceServerBuilder keepalive(Duration silence) {
        keepalive = upToADay("keepalive", silence);
        return this;
    }

    /**
     * How long a stream may take nothing although there is something to send. Then it ends as
     * {@link StreamEnd#STALLED}. The resolution is 100 ms.
     *
     * @param time more than zero, up to a day; by default 10 seconds
     * @return this builder
     */
    public EventSourceServerBuilder stall(Duration time) {
        if (Objects.requireNonNull(time, "stall").isZero()) {
            throw new IllegalArgumentException("stall is zero; choose a duration, or clients that have silently gone"
                    + " would keep their streams open");
        }
        stall = upToADay("stall", time);
        return this;
    }

    /**
     * When a client comes back that has lost its connection. Each stream is told a time of its own between the two, because
     * browsers wait exactly as long as they are told, all of them.
     *
     * @param least zero or more; by default 2 seconds
     * @param most up to a day; by default 4 seconds
     * @return this builder
     * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html#concept-event-stream-reconnection-time">
     *     Reconnection time</a>
     */
    public EventSourceServerBuilder retry(Duration least, Duration most) {
        retry = Between.of("retry", least, most);
        return this;
    }

    /**
     * When a client comes back that was refused, for {@link StreamRefusedException#retryAfter}.
     *
     * @param least zero or more; by default 5 seconds
     * @param most up to a day; by default 15 seconds
     * @return this builder
     */
    public EventSourceServerBuilder retryWhenRefused(Duration least, Duration most) {
        retryWhenRefused = Between.of("retryWhenRefused", least, most);
        return this;
    }

    /**
     * Begins each fresh stream with an event, so that its client has an id to come back with. Without it, a client that
     * loses its connection before its first event comes back without one, and misses what was emitted meanwhile. The data
     * is a JSON object: {@code from} is an id that stands for the place where the stream starts. Where a {@linkplain
     * StreamRequest#snapshot snapshot} comes first, its last event has that id, and this one has none.
     *
     * @param type the type of that event; without this call there is none
     * @return this builder
     */
    public EventSourceServerBuilder openingEvent(String type) {
        openingEvent = Event.of(type, "").type(); // checks it as any other
        return this;
    }

    /**
     * Tells a client in the stream itself that it has missed events, because a browser's {@code EventSource} cannot read
     * the response header that says so. The event comes before any other. Its data is a JSON object: {@code after} is the
     * last event id that the client sent, {@code from} an id that stands for the place where the stream starts.
     *
     * @param type the type of that event; without this call there is none
     * @return this builder
     */
    public EventSourceServerBuilder gapEvent(String type) {
        gapEvent = Event.of(type, "").type(); // checks it as any other
        return this;
    }

    /**
     * Keeps events in a log, which outlives the process or is shared by several servers: what is emitted goes to the log,
     * and clients are given what the server finds there, its own events and those of others. A client that comes back is
     * given from the log what the server does not retain any more. While the log cannot be read, clients that need it are
     * refused and come back.
     *
     * @param log the log; it stays the application's, to be closed after the server was stopped. By default none: events are
     *     gone with the server
     * @return this builder
     */
    public EventSourceServerBuilder log(EventLog log) {
        this.log = Objects.requireNonNull(log, "log");
        return this;
    }

    /**
     * Who hears of streams that open and end.
     *
     * @param listener by default one that does nothing
     * @return this builder
     */
    public EventSourceServerBuilder listener(StreamListener listener) {
        this.listener = Objects.requireNonNull(listener, "listener");
        return this;
    }

    /**
     * Where streams are drained. The work is short and never blocks. Work that the executor refuses goes to the default one;
     * work that it takes and then discards, as {@code shutdownNow} does, leaves streams waiting for ever, so stop the server
     * first. An executor that runs work on the calling thread is for tests: emitters then wait for subscribers.
     *
     * @param executor by default a pool of daemon threads, one per processor, that all servers of the process share
     * @return this builder
     */
    public EventSourceServerBuilder executor(Executor executor) {
        this.executor = Objects.requireNonNull(executor, "executor");
        return this;
    }

    /**
     * Where the time comes from: for tests, mostly. The work of the timer is short and never blocks. As with {@link
     * #executor}, work may be refused and must not be discarded.
     *
     * @param timer by default a daemon thread that all servers of the process share
     * @param nanoTime the time that belongs to it, as {@link System#nanoTime} gives it
     * @return this builder
     */
    public EventSourceServerBuilder timer(ScheduledExecutorService timer, LongSupplier nanoTime) {
        wheel = new Wheel(Objects.requireNonNull(timer, "timer"), Objects.requireNonNull(nanoTime, "nanoTime"));
        return this;
    }

    /**
     * Makes a server with the options as they are now.
     *
     * @return a server that accepts events and streams at once
     * @throws IllegalStateException if the {@link #lag} policy lacks what it needs
     */
    public EventSourceServer build() {
        if (lag == LagPolicy.SKIP && gapEvent == null) {
            throw new IllegalStateException("lag is SKIP, and clients would miss events without being told:"
                    + " name the type of the event that tells them with gapEvent");
        }
        if (lag == LagPolicy.NEWEST_PER_KEY && keys == 0) {
            throw new IllegalStateException(
                    "lag is NEWEST_PER_KEY, and no newest events are kept:" + " say how many at most with keys");
        }
        Settings settings = settings();
        // Servers that are built alike share their settings: there may be one for every user.
        last = last != null && last.equals(settings) ? last : settings;
        return new EventSourceServer(last);
    }

    private Settings settings() {
        return new Settings(
                retainBytes,
                Math.toIntExact(-Math.floorDiv(-retainFor.toNanos(), Wheel.TICK)),
                retainPerTopic,
                keys,
                lag,
                maxEventBytes,
                maxStreams,
                maxSelectors,
                keepalive.toNanos(),
                stall.toNanos(),
                lifetime,
                retry,
                retryWhenRefused,
                openingEvent,
                gapEvent,
                log,
                listener,
                executor == null ? Shared.executor() : executor,
                wheel == null ? Shared.wheel() : wheel);
    }

    private static long atLeastOne(String what, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " is " + value + "; choose at least 1");
        }
        return value;
    }

    static Duration upToADay(String what, Duration value) {
        Objects.requireNonNull(value, what);
        if (value.isNegative() || value.compareTo(A_DAY) > 0) {
            throw new IllegalArgumentException(what + " is " + value + "; choose a duration from zero to a day");
        }
        return value;
    }
}
