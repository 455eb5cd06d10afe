package eventsource.server.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.parser.TestClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A test stream over TLS")
@Timeout(300)
class TestStreamTlsTest {

    private static final String PASSWORD = "of a test";

    @TempDir
    private Path directory;

    @Test
    @DisplayName("connects to whom its client trusts, and to nobody else")
    void trusts() throws Exception {
        SSLContext context = contextOf(selfSigned());
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        try (ServerSocket listener = context.getServerSocketFactory().createServerSocket(0, 10, loopback)) {
            TestStream.Request request =
                    TestStream.to(URI.create("https://127.0.0.1:" + listener.getLocalPort() + "/"));
            CompletableFuture<Void> refused = CompletableFuture.runAsync(() -> answer(listener));
            AssertionError failure = assertThrows(AssertionError.class, request::connect);
            assertInstanceOf(SSLException.class, failure.getCause());
            assertThrows(ExecutionException.class, () -> refused.get(60, TimeUnit.SECONDS));
            CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> answer(listener));
            HttpClient trusting = HttpClient.newBuilder().sslContext(context).build();
            TestStream.Request trusted = request.client(trusting).header("Authorization", "Bearer token");
            try (TestStream stream = trusted.connect()) {
                assertEquals("Bearer token", stream.next().data());
                assertEquals(TestClient.End.CLEAN, stream.awaitEnd());
            }
            answered.get(60, TimeUnit.SECONDS);
        }
    }

    /** Answers one request with what it is authorized by. */
    private static void answer(ServerSocket listener) {
        try (Socket socket = listener.accept()) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            String authorization = "nothing";
            for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
                if (line.startsWith("Authorization: ")) {
                    authorization = line.substring(15);
                }
            }
            String response = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
                    + "data: " + authorization + "\n\n";
            socket.getOutputStream().write(response.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Path selfSigned() throws Exception {
        Path store = directory.resolve("keys.p12");
        Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        List<String> command = List.of(
                tool.toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "server",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD);
        Process made = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertTrue(made.waitFor(120, TimeUnit.SECONDS));
        return store;
    }

    /** Both ends have the one key. */
    private static SSLContext contextOf(Path store) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, PASSWORD.toCharArray());
        TrustManagerFactory trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
        return context;
    }
}
