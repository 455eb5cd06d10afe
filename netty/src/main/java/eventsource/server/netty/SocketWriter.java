package eventsource.server.netty;

import eventsource.server.Representation;
import eventsource.server.spi.SharedRun;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Buffer;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Writes to the socket itself, past the channel: by epoll, and without TLS. Allocates nothing. */
final class SocketWriter implements RunWriter {

    private final Scratch scratch;
    private @Nullable ByteBuffer view;
    private long address; // of the view: to ask for it costs as much as the rest that is done for a write

    SocketWriter(Scratch scratch) {
        this.scratch = scratch;
    }

    static boolean suits(Channel channel, boolean encrypted) {
        return !encrypted && channel instanceof EpollSocketChannel epoll && epoll.fd() instanceof Socket;
    }

    @Override
    public int most() {
        return Scratch.MOST;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the scratch makes another view for other memory
    public int write(Channel to, SharedRun run, Representation as) throws IOException {
        int length = scratch.of(run, as).readableBytes();
        Socket socket = (Socket) ((EpollSocketChannel) to).fd();
        if (view != scratch.view()) {
            view = scratch.view();
            address = Buffer.memoryAddress(view);
        }
        return socket.sendAddress(address, 0, length);
    }
}
