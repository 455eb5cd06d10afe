package eventsource.server.netty;

import eventsource.server.spi.HttpRequest;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Who may have a stream: counts them, altogether and by address. Any thread may ask. */
final class Admission {

    private static final ByteBuffer NOBODY = ByteBuffer.allocate(0);
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};
    private static final int NETWORK_BYTES = 8; // of an IPv6 address: what one customer is commonly given

    private final Limits limits;
    private final AtomicInteger streams = new AtomicInteger();
    private final Map<ByteBuffer, Integer> byAddress = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> empty = new CompletableFuture<>();
    private volatile boolean closed;

    Admission(Limits limits) {
        this.limits = limits;
    }

    /**
     * Lets a stream in.
     *
     * @param peer whom the connection is with
     * @return by whom the stream counts, for {@link #leave}; null if there is no room
     */
    @Nullable
    ByteBuffer enter(HttpRequest request, SocketAddress peer) {
        int now = streams.incrementAndGet();
        if (closed || (limits.streams() > 0 && now > limits.streams())) {
            left();
            return null;
        }
        if (limits.streamsPerAddress() == 0) {
            return NOBODY;
        }
        ByteBuffer address = ByteBuffer.wrap(network(client(request, peer)));
        if (!address.hasRemaining()) {
            return NOBODY;
        }
        int ofAddress = byAddress.merge(address, 1, Integer::sum);
        if (ofAddress > limits.streamsPerAddress()) {
            leave(address);
            return null;
        }
        return address;
    }

    void leave(ByteBuffer address) {
        if (address.hasRemaining()) {
            byAddress.computeIfPresent(address, (any, count) -> count == 1 ? null : count - 1);
        }
        left();
    }

    private void left() {
        if (streams.decrementAndGet() == 0 && closed) {
            empty.complete(null);
        }
    }

    boolean isClosed() {
        return closed;
    }

    /**
     * Lets nobody in any more.
     *
     * @return completes when the last stream has left
     */
    CompletableFuture<Void> close() {
        closed = true;
        if (streams.get() == 0) {
            empty.complete(null);
        }
        return empty;
    }

    int streams() {
        return streams.get();
    }

    int addresses() {
        return byAddress.size();
    }

    /** The address of whoever made a request, through however many trusted proxies. */
    private byte[] client(HttpRequest request, SocketAddress peer) {
        InetAddress address = peer instanceof InetSocketAddress internet ? internet.getAddress() : null;
        byte[] client = address == null ? new byte[0] : address.getAddress();
        List<String> hops =
                List.of(String.join(",", request.headers("X-Forwarded-For")).split(",", -1));
        for (int i = hops.size() - 1; i >= 0 && isTrusted(client); i--) {
            byte[] before = address(hops.get(i).trim());
            if (before == null) {
                break; // a proxy that does not know, or does not say
            }
            client = before;
        }
        return client;
    }

    /** Of a hop: some proxies name a port as well, or write IPv4 as IPv6. */
    private static byte @Nullable [] address(String hop) {
        int colon = hop.indexOf(':');
        String host = hop.startsWith("[")
                ? hop.substring(1, Math.max(1, hop.indexOf(']')))
                : colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        boolean mapped = address != null && address.length == 16 && Arrays.equals(address, 0, 12, MAPPED, 0, 12);
        return mapped ? Arrays.copyOfRange(address, 12, 16) : address;
    }

    private boolean isTrusted(byte[] address) {
        for (Cidr network : limits.trustedProxies()) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static byte[] network(byte[] address) {
        return address.length > NETWORK_BYTES ? Arrays.copyOf(address, NETWORK_BYTES) : address;
    }
}
