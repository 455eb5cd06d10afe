package eventsource.server.fanout;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A key of a server that nobody has to trust, made anew by the JDK's tool. */
final class SelfSigned {

    private static final String PASSWORD = "changeit";

    private SelfSigned() {}

    static SSLContext context() throws IOException, GeneralSecurityException, InterruptedException {
        Path directory = Files.createTempDirectory("fanout-keys");
        Path store = directory.resolve("keys.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        String arguments = " -genkeypair -alias a -keyalg EC -dname CN=localhost -storetype PKCS12 -storepass " + PASSWORD;
        int status = new ProcessBuilder((keytool + arguments + " -keystore " + store).split(" ", -1))
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("keytool failed with status " + status);
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        } finally {
            Files.delete(store);
            Files.delete(directory);
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), null, null);
        return context;
    }
}
