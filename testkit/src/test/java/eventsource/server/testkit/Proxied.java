package eventsource.server.testkit;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A listening socket, a proxy to it, and the sockets at both ends of connections. */
final class Proxied implements AutoCloseable {

    static final Duration SOON = Duration.ofSeconds(60);

    /** How long a test looks whether something happens that must not. It can only miss it, not imagine it. */
    private static final int WATCHED_MILLIS = 100;

    final ServerSocket listener;
    final FaultProxy proxy;
    private final List<Socket> sockets = new ArrayList<>();

    Proxied() {
        this(options -> options);
    }

    Proxied(UnaryOperator<FaultProxy.Builder> options) {
        try {
            listener = new ServerSocket(0, 1024, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        proxy = options.apply(FaultProxy.builder((InetSocketAddress) listener.getLocalSocketAddress()))
                .start();
    }

    /** One end of a connection. */
    final class End {
        final Socket socket;

        private End(Socket socket) throws IOException {
            this.socket = socket;
            sockets.add(socket);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) SOON.toMillis());
        }

        End send(String text) throws IOException {
            return send(text.getBytes(StandardCharsets.US_ASCII));
        }

        End send(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            return this;
        }

        String read(int count) throws IOException {
            byte[] bytes = socket.getInputStream().readNBytes(count);
            if (bytes.length < count) {
                throw new EOFException("after " + bytes.length + " bytes");
            }
            return new String(bytes, StandardCharsets.US_ASCII);
        }

        void finish() throws IOException {
            socket.shutdownOutput();
        }

        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        boolean readsEnd() throws IOException {
            return socket.getInputStream().read() < 0;
        }

        boolean readsReset() throws IOException {
            try {
                socket.getInputStream().read();
                return false;
            } catch (SocketTimeoutException notReset) {
                return false;
            } catch (SocketException reset) {
                return true;
            }
        }

        /** Whether a read waits: there are no bytes, no end, and no reset. */
        boolean readsNothing() throws IOException {
            socket.setSoTimeout(WATCHED_MILLIS);
            try {
                socket.getInputStream().read();
                return false;
            } catch (SocketTimeoutException nothing) {
                return true;
            } catch (SocketException reset) {
                return false;
            } finally {
                socket.setSoTimeout((int) SOON.toMillis());
            }
        }
    }

    /** Both ends of one connection. */
    record Pair(End client, End server) {}

    End client() throws IOException {
        return new End(new Socket(listener.getInetAddress(), proxy.port()));
    }

    Pair connect() throws IOException {
        End client = client();
        return new Pair(client, new End(listener.accept()));
    }

    /** Waits until something is so. */
    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + SOON.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(1_000_000); // only how often it looks
        }
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
