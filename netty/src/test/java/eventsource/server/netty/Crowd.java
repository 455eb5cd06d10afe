package eventsource.server.netty;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Thousands of clients on one thread: they do something only in a {@link #turn}. For one thread. */
final class Crowd implements AutoCloseable {

    /** Connections from one address; more would run out of ports. */
    private static final int OF_ONE_ADDRESS = 10_000;

    private static final int BEGINNING = 1024;

    private final int port;
    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
    private final List<Member> members = new ArrayList<>();
    private Consumer<Member> onBytes = member -> {};
    private int ended;

    Crowd(int port) throws IOException {
        this.port = port;
    }

    /** One client. */
    final class Member {

        private final SocketChannel channel = SocketChannel.open();
        private byte[] toSend;
        private String beginning = "";
        private String last = "";
        private long endedAt;
        private boolean reset;

        private Member(byte[] request) throws IOException {
            toSend = request;
        }

        /** The first bytes that it was sent. */
        String beginning() {
            return beginning;
        }

        boolean isConnected() {
            return channel.isConnected();
        }

        boolean hasEnded() {
            return endedAt != 0;
        }

        /** When it saw the end, by {@link System#nanoTime}. */
        long endedAt() {
            return endedAt;
        }

        /** Whether the body came to its proper end before the connection did. */
        boolean endedCleanly() {
            return !reset && last.endsWith("\r\n0\r\n\r\n");
        }

        /** Sends more, if the connection is there. */
        void send(byte[] bytes) {
            try {
                if (endedAt == 0 && channel.isConnected() && toSend.length == 0) {
                    channel.write(ByteBuffer.wrap(bytes));
                }
            } catch (IOException broken) {
                end(true);
            }
        }

        private void ready(SelectionKey key) {
            try {
                if (key.isConnectable() && channel.finishConnect()) {
                    key.interestOps(SelectionKey.OP_READ);
                    channel.write(ByteBuffer.wrap(toSend));
                    toSend = new byte[0];
                } else if (key.isReadable()) {
                    read();
                }
            } catch (IOException broken) {
                end(true);
            }
        }

        private void read() throws IOException {
            int count = channel.read(buffer.clear());
            if (count < 0) {
                end(false);
                return;
            }
            String bytes = new String(buffer.array(), 0, count, StandardCharsets.ISO_8859_1);
            if (beginning.length() < BEGINNING) {
                beginning += bytes.substring(0, Math.min(bytes.length(), BEGINNING));
            }
            String all = last + bytes;
            last = all.substring(Math.max(0, all.length() - 8));
            onBytes.accept(this);
        }

        private void end(boolean byReset) {
            reset = byReset;
            endedAt = System.nanoTime();
            ended++;
            try {
                channel.close();
            } catch (IOException closed) {
                // as it is to be
            }
        }
    }

    /** Calls something with each member that was sent bytes. */
    void onBytes(Consumer<Member> listener) {
        onBytes = listener;
    }

    /** Begins to connect; what is to be sent first is sent when that is done. */
    Member join(String request, int receiveBuffer) throws IOException {
        return join(request.getBytes(StandardCharsets.ISO_8859_1), receiveBuffer);
    }

    Member join(byte[] request, int receiveBuffer) throws IOException {
        Member member = new Member(request);
        if (receiveBuffer > 0) {
            member.channel.socket().setReceiveBufferSize(receiveBuffer);
        }
        member.channel.bind(new InetSocketAddress(address(2 + members.size() / OF_ONE_ADDRESS), 0));
        member.channel.configureBlocking(false);
        member.channel.register(selector, SelectionKey.OP_CONNECT, member);
        member.channel.connect(new InetSocketAddress(address(1), port));
        members.add(member);
        return member;
    }

    static InetAddress address(int last) throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
    }

    List<Member> members() {
        return members;
    }

    int ended() {
        return ended;
    }

    boolean isAnyOpen() {
        return members.stream().anyMatch(member -> member.isConnected() && !member.hasEnded());
    }

    /** Lets everybody do what can be done, for as long as nothing can be at most. */
    void turn(long millis) throws IOException {
        Consumer<SelectionKey> ready = key -> ((Member) key.attachment()).ready(key);
        if (millis == 0) {
            selector.selectNow(ready);
        } else {
            selector.select(ready, millis);
        }
    }

    /** Lets everybody go on until something is so. */
    void turnUntil(String what, Duration atMost, BooleanSupplier condition) throws IOException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, () -> "waited in vain: " + what + "; " + this);
            turn(10);
        }
    }

    /** Nobody reads any more. */
    void fallAsleep() {
        selector.keys().forEach(key -> {
            if (key.isValid()) {
                key.interestOps(0);
            }
        });
    }

    @Override
    public String toString() {
        return members.size() + " clients, of which "
                + members.stream().filter(Member::isConnected).count() + " are connected and " + ended
                + " have seen an end";
    }

    @Override
    public void close() throws IOException {
        for (Member member : members) {
            member.channel.close();
        }
        selector.close();
    }
}
