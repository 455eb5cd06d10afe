package eventsource.server.testkit;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One connection through a {@link FaultProxy}: two sockets, and what is on its way between them. For the proxy's thread only. */
final class ProxiedConnection {

    private final FaultLoop loop;
    private final SelectionKey client;
    private final SelectionKey server;
    private final OneWay toServer;
    private final OneWay toClient;
    private boolean connected;
    private boolean over;
    private long wake = OneWay.NEVER;

    /**
     * A connection in which nothing was sent yet.
     *
     * @param connected whether the server is connected to already
     */
    ProxiedConnection(FaultLoop loop, Selector selector, SocketChannel client, SocketChannel server, boolean connected)
            throws IOException {
        this.loop = loop;
        this.connected = connected;
        this.client = client.register(selector, 0, this);
        this.server = server.register(selector, connected ? 0 : SelectionKey.OP_CONNECT, this);
        this.toServer = new OneWay(client, server, loop.bound(), loop.faults(FaultProxy.Direction.TO_SERVER));
        this.toClient = new OneWay(server, client, loop.bound(), loop.faults(FaultProxy.Direction.TO_CLIENT));
    }

    /** Goes on as far as one of its sockets now allows. */
    void ready(SelectionKey key) {
        if (over) {
            return; // its other socket was ready as well, and ended it
        }
        long now = loop.now();
        int ops = key.readyOps();
        if ((ops & SelectionKey.OP_CONNECT) != 0) {
            finishConnect(now);
        }
        boolean atClient = key.equals(client);
        OneWay from = atClient ? toServer : toClient;
        if ((ops & SelectionKey.OP_READ) != 0 && from.takes()) {
            from.take(loop.scratch(), now, loop.random());
        }
        if ((ops & SelectionKey.OP_WRITE) != 0) {
            give(atClient ? toClient : toServer, now);
        }
        goOn();
    }

    private void finishConnect(long now) {
        connected = true;
        try {
            ((SocketChannel) server.channel()).finishConnect();
        } catch (ConnectException | NoRouteToHostException nobodyThere) {
            cut();
        } catch (IOException reset) {
            sinkGone(toServer, now); // it has accepted and gone since
        }
    }

    private void give(OneWay way, long now) {
        FaultProxy.Direction direction = direction(way);
        try {
            loop.passed(direction, way.give(now, loop.untilCut(direction)));
        } catch (IOException gone) {
            sinkGone(way, now);
        }
    }

    /** Who cannot be given anything has gone: what it was to be given is lost, and the other side is told. */
    private void sinkGone(OneWay way, long now) {
        way.sinkGone();
        OneWay back = way.equals(toServer) ? toClient : toServer;
        back.sourceGone(OneWay.End.RESET, now, loop.random());
    }

    /** Other faults from now on. */
    void suffer(FaultProxy.Direction direction, Faults faults) {
        (direction == FaultProxy.Direction.TO_SERVER ? toServer : toClient).suffer(faults);
    }

    /** Passes on an end if it is time for that, and says what it waits for. */
    void goOn() {
        loop.lost(FaultProxy.Direction.TO_SERVER, toServer.lost());
        loop.lost(FaultProxy.Direction.TO_CLIENT, toClient.lost());
        if (over || !connected) {
            return;
        }
        long now = loop.now();
        passEnd(toServer, now);
        passEnd(toClient, now);
        if (!over && toServer.over() && toClient.over()) {
            close();
        }
        if (over) {
            return;
        }
        client.interestOps(interest(toServer, toClient, now));
        if (server.isValid()) { // unless it had gone before we knew that it was there
            server.interestOps(interest(toClient, toServer, now));
        }
        long due = Math.min(later(toServer, now), later(toClient, now));
        if (due != wake) {
            wake = due;
            if (due != OneWay.NEVER) {
                loop.wake(this, due);
            }
        }
    }

    private void passEnd(OneWay way, long now) {
        OneWay.End end = over ? null : way.endToPass(now);
        if (end == OneWay.End.RESET) {
            cut();
        } else if (end == OneWay.End.FIN) {
            try {
                way.passFin();
            } catch (IOException gone) {
                sinkGone(way, now);
                loop.wake(this, now); // the other direction may have had its turn
            }
        }
    }

    /** What is waited for at a socket: bytes for the way that begins there, and room for the way that ends there. */
    private static int interest(OneWay from, OneWay to, long now) {
        int read = from.takes() ? SelectionKey.OP_READ : 0;
        int write = to.hasBytes() && to.due() <= now ? SelectionKey.OP_WRITE : 0;
        return read | write;
    }

    /** A time to come at which there is something to do. What is due already waits for its socket. */
    private static long later(OneWay way, long now) {
        long due = way.due();
        return due > now ? due : OneWay.NEVER;
    }

    private FaultProxy.Direction direction(OneWay way) {
        return way.equals(toServer) ? FaultProxy.Direction.TO_SERVER : FaultProxy.Direction.TO_CLIENT;
    }

    /** Resets both sides. */
    void cut() {
        if (over) {
            return;
        }
        reset((SocketChannel) client.channel());
        reset((SocketChannel) server.channel());
        over = true;
        loop.over(this);
    }

    /** Both sides have sent their last. */
    private void close() {
        closeQuietly((SocketChannel) client.channel());
        closeQuietly((SocketChannel) server.channel());
        over = true;
        loop.over(this);
    }

    /** Closes a socket in such a way that the peer sees a reset. */
    static void reset(SocketChannel socket) {
        try {
            socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException gone) {
            // The peer was faster: there is nobody left to see it.
        }
        closeQuietly(socket);
    }

    private static void closeQuietly(SocketChannel socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // It is closed all the same.
        }
    }
}
