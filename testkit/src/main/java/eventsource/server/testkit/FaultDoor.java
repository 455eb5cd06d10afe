package eventsource.server.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** Where clients come in to a {@link FaultProxy}: a port of 127.0.0.1, open or shut. For the proxy's thread only. */
final class FaultDoor {

    private static final int BACKLOG = 1024;

    private final Selector selector;
    private final InetSocketAddress address;
    private final int buffer;
    private @Nullable ServerSocketChannel listener;

    /** Has the port while nobody listens at it, so that no other program is given it meanwhile. */
    private @Nullable SocketChannel placeholder;

    /**
     * An open door.
     *
     * @param port 0 for any that is free
     * @param buffer the receive buffer of what is accepted; 0 for the system's choice
     */
    FaultDoor(Selector selector, int port, int buffer) throws IOException {
        this.selector = selector;
        this.buffer = buffer;
        ServerSocketChannel first =
                listen(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
        this.listener = first;
        this.address = (InetSocketAddress) first.getLocalAddress();
    }

    int port() {
        return address.getPort();
    }

    private ServerSocketChannel listen(InetSocketAddress where) throws IOException {
        ServerSocketChannel opened = ServerSocketChannel.open();
        try {
            if (buffer > 0) {
                // Only before connecting does it bound the window that is announced; what is accepted inherits it.
                opened.setOption(StandardSocketOptions.SO_RCVBUF, buffer);
            }
            opened.bind(where, BACKLOG).configureBlocking(false);
            opened.register(selector, SelectionKey.OP_ACCEPT);
            return opened;
        } catch (IOException | RuntimeException failed) {
            opened.close();
            throw failed;
        }
    }

    /** The next client that waits to come in, if there is one. */
    @Nullable
    SocketChannel next() throws IOException {
        return listener == null ? null : listener.accept();
    }

    /** From now on clients are refused. */
    void shut() throws IOException {
        if (listener == null) {
            return;
        }
        listener.close();
        listener = null;
        selector.selectNow(key -> {}); // lets go of the port; what else is ready is ready again the next time
        SocketChannel bound = SocketChannel.open();
        placeholder = bound;
        bound.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        bound.bind(address);
    }

    /** From now on clients come in. */
    void open() throws IOException {
        if (listener == null) {
            close();
            listener = listen(address);
        }
    }

    void close() throws IOException {
        if (placeholder != null) {
            placeholder.close();
            placeholder = null;
        }
        if (listener != null) {
            listener.close();
            listener = null;
        }
    }
}
