package eventsource.server.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.StreamRequest;
import eventsource.server.spi.HttpManners;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The Netty server with TLS")
class TlsTest extends Served {

    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

    @TempDir
    private static Path files;

    private static SelfSigned keys;

    @BeforeAll
    static void makeKeys() throws Exception {
        keys = SelfSigned.in(files);
    }

    private EventSourceNettyBuilder fromFiles() throws Exception {
        return EventSourceNetty.builder().tls(keys.chainFile(), keys.keyFile()).route("/*", events);
    }

    private SSLSocket connectTls() throws Exception {
        Socket plain = connect();
        SSLSocket socket =
                (SSLSocket) keys.context().getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true);
        socket.startHandshake();
        return socket;
    }

    @Test
    @DisplayName("a stream is served, from PEM files and from a context, by each transport")
    void stream() throws Exception {
        for (Transport transport : new Transport[] {Transport.EPOLL, Transport.NIO}) {
            for (EventSourceNettyBuilder options : new EventSourceNettyBuilder[] {
                fromFiles(), EventSourceNetty.builder().tls(keys.context()).route("/*", events)
            }) {
                serve(options.transport(transport));
                try (SSLSocket socket = connectTls()) {
                    write(socket, REQUEST);
                    assertTrue(readUntil(socket, "\r\n\r\n").startsWith("HTTP/1.1 200"));
                    readUntil(socket, "\n:\nretry: ");
                    String large = "x".repeat(300_000);
                    for (int i = 0; i < 3; i++) {
                        events.emit(i + large);
                        assertTrue(readUntil(socket, "\n\n\r\n").contains("data: " + i + large + "\n"));
                    }
                }
            }
        }
    }

    @Test
    @DisplayName("a stream ends with its last chunk")
    void ending() throws Exception {
        serve(fromFiles());
        try (SSLSocket socket = connectTls()) {
            write(socket, REQUEST);
            readUntil(socket, "\n:\nretry: ");
            events.emit("one");
            events.stop();
            String rest = readAll(socket);
            assertTrue(rest.contains("data: one\n") && rest.endsWith("\r\n0\r\n\r\n"), rest);
        }
    }

    @Test
    @DisplayName("what is not encrypted is refused")
    void plaintext() throws Exception {
        EventSourceNetty http = serve(fromFiles());
        Socket socket = connect();
        write(socket, REQUEST);
        assertFalse(readAll(socket).contains("200"), "it was served without TLS");
        assertEquals(0, http.streams());
        try (SSLSocket other = connectTls()) {
            write(other, REQUEST);
            assertTrue(readUntil(other, "\r\n\r\n").startsWith("HTTP/1.1 200"));
        }
    }

    @Test
    @DisplayName(
            "DC-01 a client that says goodbye while its stream is being opened, or after, has none, and no connection")
    void goodbye() throws Exception {
        CompletableFuture<StreamRequest> asked = new CompletableFuture<>();
        EventSourceNetty http = serve(EventSourceNetty.builder()
                .tls(keys.context())
                .route(
                        "/later",
                        HttpManners.builder(events).requests(request -> asked).build())
                .route("/*", events));
        try (SSLSocket during = connectTls();
                SSLSocket after = connectTls()) {
            write(after, REQUEST);
            readUntil(after, "\n:\nretry: ");
            write(during, REQUEST.replace("/ ", "/later "));
            await("both are counted", () -> http.streams() == 2);
            during.shutdownOutput();
            after.shutdownOutput();
            await("the stream is let go", () -> http.streams() == 1);
            readAll(after);
            assertEquals("", readAll(during));
            asked.complete(StreamRequest.own());
            await("both are let go", () -> http.streams() == 0);
        }
    }

    @Test
    @DisplayName("DC-07 a handshake that is not completed in time is closed")
    void slowHandshake() throws Exception {
        serve(fromFiles().limits(Limits.defaults().requestDeadline(Duration.ofMillis(300))));
        Socket socket = connect();
        socket.getOutputStream().write(new byte[] {22, 3, 1, 0, 100, 1});
        readAll(socket);
    }

    @Test
    @DisplayName("files that cannot be used are said to be when they are given")
    void unusableFiles() throws Exception {
        EventSourceNettyBuilder builder = EventSourceNetty.builder();
        Path chain = keys.chainFile();
        assertThrows(IllegalArgumentException.class, () -> builder.tls(chain, chain));
        assertThrows(IllegalArgumentException.class, () -> builder.tls(chain, files.resolve("none.pem")));
    }
}
