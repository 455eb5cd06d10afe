package eventsource.server.netty;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a server bears before it says no. Immutable; each method gives a copy. What happens at each limit is said there; the
 * event source server has limits of its own besides.
 */
public final class Limits {

    private static final int MOST_BYTES = 1 << 30;

    private int connections = 100_000;
    private int streams;
    private int streamsPerAddress;
    private List<Cidr> trustedProxies = List.of();
    private Duration requestDeadline = Duration.ofSeconds(10);
    private int headerBytes = 32 << 10;
    private int lineBytes = 8 << 10;
    private int bodyBytes = 1 << 20;
    private int acceptsPerSecond;
    private Duration deadPeer = Duration.ofSeconds(30);
    private int unsentBytes = 64 << 10;

    private Limits() {}

    /**
     * The defaults.
     *
     * @return limits that suit a server that anybody can reach, but for those that have none by default
     */
    public static Limits defaults() {
        return new Limits();
    }

    private Limits copy() {
        Limits copy = new Limits();
        copy.connections = connections;
        copy.streams = streams;
        copy.streamsPerAddress = streamsPerAddress;
        copy.trustedProxies = trustedProxies;
        copy.requestDeadline = requestDeadline;
        copy.headerBytes = headerBytes;
        copy.lineBytes = lineBytes;
        copy.bodyBytes = bodyBytes;
        copy.acceptsPerSecond = acceptsPerSecond;
        copy.deadPeer = deadPeer;
        copy.unsentBytes = unsentBytes;
        return copy;
    }

    /**
     * How many connections there may be. Further ones are closed as soon as they are accepted.
     *
     * @param most at least 1; by default 100,000. The system has a limit on descriptors, too: when that is reached,
     *     connections wait to be accepted
     * @return a copy
     */
    public Limits connections(int most) {
        Limits copy = copy();
        copy.connections = within("connections", most, 1, Integer.MAX_VALUE);
        return copy;
    }

    /**
     * How many streams there may be, over all event source servers. Whoever comes then is answered as {@link
     * eventsource.server.spi.HttpManners.Overload} says.
     *
     * @param most the number; by default 0, which means no limit but that of the event source servers
     * @return a copy
     */
    public Limits streams(int most) {
        Limits copy = copy();
        copy.streams = within("streams", most, 0, Integer.MAX_VALUE);
        return copy;
    }

    /**
     * How many streams there may be of one client address; of an IPv6 address, the first 64 bits count. Answered as for
     * {@link #streams}.
     *
     * @param most the number; by default 0, which means no limit: many users can share an address
     * @return a copy
     * @see #trustedProxies
     */
    public Limits streamsPerAddress(int most) {
        Limits copy = copy();
        copy.streamsPerAddress = within("streamsPerAddress", most, 0, Integer.MAX_VALUE);
        return copy;
    }

    /**
     * The proxies whose header {@code X-Forwarded-For} counts: the address of a client is then the last one in it that is
     * not such a proxy. From anybody else the header is ignored.
     *
     * @param networks addresses, or networks as in {@code 10.0.0.0/8} and {@code fd00::/8}; by default none
     * @return a copy
     */
    public Limits trustedProxies(String... networks) {
        List<Cidr> all = new ArrayList<>();
        for (String network : networks) {
            all.add(Cidr.of(network));
        }
        Limits copy = copy();
        copy.trustedProxies = List.copyOf(all);
        return copy;
    }

    /**
     * How long a connection may take to complete a request, counted from when it was accepted or the response before was
     * sent; to complete the handshake of TLS with it; and to take a response that is no stream. It is closed then.
     *
     * @param time from 100 ms to an hour; by default 10 seconds
     * @return a copy
     */
    public Limits requestDeadline(Duration time) {
        Limits copy = copy();
        copy.requestDeadline = within("requestDeadline", time);
        return copy;
    }

    /**
     * How large all headers of a request may be together. Larger ones are answered 431.
     *
     * @param most at least 256; by default 32 KiB
     * @return a copy
     */
    public Limits headerBytes(int most) {
        Limits copy = copy();
        copy.headerBytes = within("headerBytes", most, 256, MOST_BYTES);
        return copy;
    }

    /**
     * How long the line of a request may be, with the method and the target. Longer ones are answered 414.
     *
     * @param most at least 64; by default 8 KiB
     * @return a copy
     */
    public Limits lineBytes(int most) {
        Limits copy = copy();
        copy.lineBytes = within("lineBytes", most, 64, MOST_BYTES);
        return copy;
    }

    /**
     * How large the body of a request may be. Larger ones are answered 413.
     *
     * @param most at least 0; by default 1 MiB
     * @return a copy
     */
    public Limits bodyBytes(int most) {
        Limits copy = copy();
        copy.bodyBytes = within("bodyBytes", most, 0, MOST_BYTES);
        return copy;
    }

    /**
     * How many connections are accepted in a second. More of them wait.
     *
     * @param most the number; by default 0, which means no limit
     * @return a copy
     */
    public Limits acceptsPerSecond(int most) {
        Limits copy = copy();
        copy.acceptsPerSecond = within("acceptsPerSecond", most, 0, Integer.MAX_VALUE);
        return copy;
    }

    /**
     * After what time a peer counts as dead that acknowledges nothing of what it was sent, or takes none of it: its connection
     * is closed by the system ({@code TCP_USER_TIMEOUT}). Where the transport does not know it, the event source server's
     * {@link eventsource.server.EventSourceServerBuilder#stall} alone decides.
     *
     * @param time from 100 ms to an hour; by default 30 seconds
     * @return a copy
     */
    public Limits deadPeer(Duration time) {
        Limits copy = copy();
        copy.deadPeer = within("deadPeer", time);
        return copy;
    }

    /**
     * How much the system may hold of what was not sent yet, for each connection. What a slow client is behind by beyond that
     * stays in the journal, where it is seen and costs nothing. ({@code TCP_NOTSENT_LOWAT} where the transport knows it,
     * otherwise {@code SO_SNDBUF}.)
     *
     * @param bytes at least 4,096; by default 64 KiB
     * @return a copy
     */
    public Limits unsentBytes(int bytes) {
        Limits copy = copy();
        copy.unsentBytes = within("unsentBytes", bytes, 4096, MOST_BYTES);
        return copy;
    }

    private static int within(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " is " + value + "; choose from " + least + " to " + most);
        }
        return value;
    }

    private static Duration within(String what, Duration time) {
        if (time.compareTo(Duration.ofMillis(100)) < 0 || time.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(what + " is " + time + "; choose from 100 ms to an hour");
        }
        return time;
    }

    int connections() {
        return connections;
    }

    int streams() {
        return streams;
    }

    int streamsPerAddress() {
        return streamsPerAddress;
    }

    List<Cidr> trustedProxies() {
        return trustedProxies;
    }

    Duration requestDeadline() {
        return requestDeadline;
    }

    int headerBytes() {
        return headerBytes;
    }

    int lineBytes() {
        return lineBytes;
    }

    int bodyBytes() {
        return bodyBytes;
    }

    int acceptsPerSecond() {
        return acceptsPerSecond;
    }

    Duration deadPeer() {
        return deadPeer;
    }

    int unsentBytes() {
        return unsentBytes;
    }
}
