package eventsource.server.netty;

import eventsource.server.Representation;
import eventsource.server.spi.SharedRun;
import io.netty.channel.Channel;

/** Writes through the channel: by every transport, and with TLS. */
final class ChannelWriter implements RunWriter {

    private final Scratch scratch;

    ChannelWriter(Scratch scratch) {
        this.scratch = scratch;
    }

    /** What a channel has not written is kept, with TLS even encrypted, so a copy for each client. */
    @Override
    public int most() {
        return StreamConnection.SLICE;
    }

    @Override
    public int write(Channel to, SharedRun run, Representation as) {
        to.writeAndFlush(scratch.of(run, as).retainedDuplicate(), to.voidPromise());
        return LATER;
    }
}
