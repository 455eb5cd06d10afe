package eventsource.server.netty;

import eventsource.server.Representation;
import eventsource.server.spi.SharedRun;
import io.netty.channel.Channel;
import java.io.IOException;

/**
 * Writes this run to these sinks: the one step that a turn of an event loop repeats for each of its streams. An engine that
 * hands the system many sockets at once would be another implementation. One for each event loop, to which it belongs.
 */
interface RunWriter {

    /** The bytes were taken over, and will be written as the channel's writability says. */
    int LATER = -1;

    /**
     * Writes a run to a channel on which nothing waits to be written.
     *
     * @return how many bytes of it the system took: the rest is for the caller to write; or {@link #LATER}
     * @throws IOException if the connection is broken
     */
    int write(Channel to, SharedRun run, Representation as) throws IOException;

    /** The longest run that is written in one piece. */
    int most();
}
