package eventsource.server.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The Netty server with TLS")
class TlsTest extends Served {

    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

    @TempDir
    private static Path files;

    private static KeyStore keys;

    @BeforeAll
    static void makeKeys() throws Exception {
        Path store = files.resolve("keys.p12");
        String keytool = System.getProperty("java.home") + "/bin/keytool";
        Process process = new ProcessBuilder((keytool + " -genkeypair -alias a -keyalg EC -dname CN=localhost"
                                + " -ext san=dns:localhost,ip:127.0.0.1 -storetype PKCS12 -storepass changeit -keystore "
                                + store)
                        .split(" "))
                .inheritIO()
                .start();
        assertEquals(0, process.waitFor());
        keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        pem("chain.pem", "CERTIFICATE", keys.getCertificate("a").getEncoded());
        pem("key.pem", "PRIVATE KEY", keys.getKey("a", PASSWORD).getEncoded());
    }

    private static void pem(String file, String what, byte[] bytes) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        Files.writeString(
                files.resolve(file), "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
    }

    private static SSLContext context() throws Exception {
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("a", keys.getCertificate("a"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private EventSourceNettyBuilder fromFiles() {
        return EventSourceNetty.builder()
                .tls(files.resolve("chain.pem"), files.resolve("key.pem"))
                .route("/*", events);
    }

    private SSLSocket connectTls() throws Exception {
        Socket plain = connect();
        SSLSocket socket =
                (SSLSocket) context().getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true);
        socket.startHandshake();
        return socket;
    }

    @Test
    @DisplayName("a stream is served, from PEM files and from a context, by each transport")
    void stream() throws Exception {
        for (Transport transport : new Transport[] {Transport.EPOLL, Transport.NIO}) {
            for (EventSourceNettyBuilder options : new EventSourceNettyBuilder[] {
                fromFiles(), EventSourceNetty.builder().tls(context()).route("/*", events)
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
    @DisplayName("DC-07 a handshake that is not completed in time is closed")
    void slowHandshake() throws Exception {
        serve(fromFiles().limits(Limits.defaults().requestDeadline(Duration.ofMillis(300))));
        Socket socket = connect();
        socket.getOutputStream().write(new byte[] {22, 3, 1, 0, 100, 1});
        readAll(socket);
    }

    @Test
    @DisplayName("files that cannot be used are said to be when they are given")
    void unusableFiles() {
        EventSourceNettyBuilder builder = EventSourceNetty.builder();
        Path chain = files.resolve("chain.pem");
        assertThrows(IllegalArgumentException.class, () -> builder.tls(chain, chain));
        assertThrows(IllegalArgumentException.class, () -> builder.tls(chain, files.resolve("none.pem")));
    }
}
