package eventsource.server.parser;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A server of a single connection, on which it does what a test tells it. Strings are bytes, as Latin-1. */
final class ScriptedServer implements AutoCloseable {
    interface Script {
        void run(Connection connection) throws Exception;
    }

    static final class Connection {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;

        private Connection(Socket socket) throws IOException {
            this.socket = socket;
            this.in = socket.getInputStream();
            this.out = socket.getOutputStream();
        }

        Connection write(String bytes) throws IOException {
            out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return this;
        }

        /** Reads a request up to its empty line. */
        String readHead() throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append(readBytes(1));
            }
            return head.toString();
        }

        String readBytes(int count) throws IOException {
            byte[] bytes = in.readNBytes(count);
            if (bytes.length < count) {
                throw new IOException("the client closed");
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }

        /** Waits for what comes next: a byte, -1 for the end, or an exception for a reset. */
        int readByte() throws IOException {
            return in.read();
        }

        void sendBuffer(int bytes) throws IOException {
            socket.setSendBufferSize(bytes);
        }

        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }

    private final ServerSocket listener;
    private final FutureTask<Void> task;

    private ScriptedServer(ServerSocket listener, Script script) {
        this.listener = listener;
        this.task = new FutureTask<>(() -> {
            try (Socket socket = listener.accept()) {
                script.run(new Connection(socket));
            }
            return null;
        });
    }

    static ScriptedServer running(Script script) {
        try {
            ScriptedServer server =
                    new ScriptedServer(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()), script);
            Thread thread = new Thread(server.task, "scripted-server");
            thread.setDaemon(true);
            thread.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A server that reads one request, answers with these bytes, and closes. */
    static ScriptedServer answering(String bytes) {
        return running(connection -> {
            connection.readHead();
            connection.write(bytes);
        });
    }

    TestRequest get() {
        return TestClient.get(listener.getLocalPort(), "/");
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Waits for the script and fails if it failed. */
    void join() throws InterruptedException, ExecutionException, TimeoutException {
        join(Duration.ofSeconds(60));
    }

    void join(Duration timeout) throws InterruptedException, ExecutionException, TimeoutException {
        task.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
