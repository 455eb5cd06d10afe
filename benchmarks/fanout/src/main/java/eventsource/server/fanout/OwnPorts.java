package eventsource.server.fanout;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/**
 * Connects from ports of a loopback address that nobody else uses, one after the other. Left to itself, the system looks for a free
 * port at each connection, which takes longer than all else that it does for it once most of them are taken.
 */
final class OwnPorts {

    private static final int FIRST = 10_000;
    private static final int LAST = 59_999;

    private final InetAddress address;
    private int next = FIRST;

    OwnPorts() throws IOException {
        address = InetAddress.getByAddress(new byte[] {127, 0, 0, 2});
    }

    /** A new connection to a server of this machine. */
    SocketChannel connect(InetSocketAddress server) throws IOException {
        SocketChannel channel = SocketChannel.open();
        bind(channel);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.connect(server);
        return channel;
    }

    private void bind(SocketChannel channel) throws IOException {
        for (int tries = FIRST; tries <= LAST; tries++) {
            int port = next;
            next = port == LAST ? FIRST : port + 1;
            try {
                channel.bind(new InetSocketAddress(address, port));
                return;
            } catch (BindException taken) {
                // by who listens on all addresses, or by a connection of a run before
            }
        }
        throw new BindException("no port from " + FIRST + " to " + LAST + " of " + address + " is free");
    }
}
