package eventsource.server.parser;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A request for {@link TestClient}: an immutable value whose methods return changed copies. Nothing is checked or
 * normalised, so that a test can also send what no proper client would.
 */
public final class TestRequest {
    /** The value is kept as Latin-1: one character for each byte. */
    private record Header(String name, String value) {}

    private final InetSocketAddress address;
    private final String host;
    private final String target;
    private String method;
    private List<Header> headers = List.of();
    private byte @Nullable [] body;
    private boolean hostHeader = true;
    private int minorVersion = 1;
    private int receiveBuffer;
    private @Nullable SSLContext tls;
    private Duration timeout = Duration.ofSeconds(60);

    private TestRequest(String method, InetSocketAddress address, String host, String target) {
        this.method = Objects.requireNonNull(method, "method");
        this.address = address;
        this.host = host;
        this.target = Objects.requireNonNull(target, "target");
    }

    private TestRequest(TestRequest other) {
        this(other.method, other.address, other.host, other.target);
        this.headers = other.headers;
        this.body = other.body;
        this.hostHeader = other.hostHeader;
        this.minorVersion = other.minorVersion;
        this.receiveBuffer = other.receiveBuffer;
        this.tls = other.tls;
        this.timeout = other.timeout;
    }

    static TestRequest of(String method, int port, String target) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return new TestRequest(method, address, "localhost:" + port, target);
    }

    static TestRequest of(String method, URI uri) {
        String host = Objects.requireNonNull(uri.getHost(), "the host of the URI");
        int port = uri.getPort() < 0 ? 80 : uri.getPort();
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String target = uri.getRawQuery() == null ? path : path + '?' + uri.getRawQuery();
        // "localhost" can resolve to an address of the family the server does not listen on.
        InetAddress loopback = InetAddress.getLoopbackAddress();
        InetSocketAddress address =
                host.equals("localhost") ? new InetSocketAddress(loopback, port) : new InetSocketAddress(host, port);
        return new TestRequest(method, address, host + ':' + port, target);
    }

    /**
     * Changes the method.
     *
     * @param newMethod the method, {@code GET} by default
     * @return the changed request
     */
    public TestRequest method(String newMethod) {
        TestRequest copy = new TestRequest(this);
        copy.method = Objects.requireNonNull(newMethod, "method");
        return copy;
    }

    /**
     * Adds a header after those there are; the same name may be added repeatedly.
     *
     * @param name the name
     * @param value the value, of which each character becomes one byte
     * @return the changed request
     * @throws IllegalArgumentException if the value has a character beyond U+00FF
     */
    public TestRequest header(String name, String value) {
        if (value.chars().anyMatch(c -> c > 0xFF)) {
            throw new IllegalArgumentException("not Latin-1: " + value);
        }
        return header(name, value.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * Adds a header whose value goes out as UTF-8, the way a browser sends {@code Last-Event-ID}.
     *
     * @param name the name
     * @param value the value
     * @return the changed request
     */
    public TestRequest headerUtf8(String name, String value) {
        return header(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Adds a header with any bytes as its value.
     *
     * @param name the name
     * @param value the bytes of the value
     * @return the changed request
     */
    public TestRequest header(String name, byte[] value) {
        List<Header> added = new ArrayList<>(headers);
        added.add(new Header(name, new String(value, StandardCharsets.ISO_8859_1)));
        TestRequest copy = new TestRequest(this);
        copy.headers = List.copyOf(added);
        return copy;
    }

    /**
     * Leaves out the {@code Host} header, which is otherwise the first one unless the request has one of its own.
     *
     * @return the changed request
     */
    public TestRequest withoutHost() {
        TestRequest copy = new TestRequest(this);
        copy.hostHeader = false;
        return copy;
    }

    /**
     * Sets a body, with a {@code Content-Length} unless the request has one or a {@code Transfer-Encoding}.
     *
     * @param bytes the body
     * @return the changed request
     */
    public TestRequest body(byte[] bytes) {
        TestRequest copy = new TestRequest(this);
        copy.body = bytes.clone();
        return copy;
    }

    /**
     * Makes it a request of HTTP/1.0.
     *
     * @return the changed request
     */
    public TestRequest http10() {
        TestRequest copy = new TestRequest(this);
        copy.minorVersion = 0;
        return copy;
    }

    /**
     * Sets the receive buffer (SO_RCVBUF) of the connection that this request opens. A small one makes a slow reader:
     * what the client does not read stays with the server soon.
     *
     * @param bytes the size, which the system may round
     * @return the changed request
     */
    public TestRequest receiveBuffer(int bytes) {
        TestRequest copy = new TestRequest(this);
        copy.receiveBuffer = bytes;
        return copy;
    }

    /**
     * Encrypts the connection that this request opens. Whoever has a certificate that the context trusts will do: its name
     * is not looked at. A client then takes a whole record off the socket where it would otherwise take a few bytes.
     *
     * @param context whom the client trusts
     * @return the changed request
     */
    public TestRequest tls(SSLContext context) {
        TestRequest copy = new TestRequest(this);
        copy.tls = Objects.requireNonNull(context, "context");
        return copy;
    }

    /**
     * Sets how long the client waits for the head, and for anything else for which no time is given.
     *
     * @param newTimeout the time, 60 seconds by default: only failures take that long
     * @return the changed request
     */
    public TestRequest timeout(Duration newTimeout) {
        TestRequest copy = new TestRequest(this);
        copy.timeout = Objects.requireNonNull(newTimeout, "timeout");
        return copy;
    }

    /**
     * Connects, sends the request and reads the head of the response.
     *
     * @return the client, to be closed by the caller
     * @throws AssertionError if there is no complete head in time
     */
    public TestClient open() {
        return TestClient.open(this);
    }

    byte[] toBytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(latin1(method + ' ' + target + " HTTP/1." + minorVersion + "\r\n"));
        if (hostHeader && !has("Host")) {
            out.writeBytes(latin1("Host: " + host + "\r\n"));
        }
        for (Header header : headers) {
            out.writeBytes(latin1(header.name() + ": " + header.value() + "\r\n"));
        }
        if (body != null && !has("Content-Length") && !has("Transfer-Encoding")) {
            out.writeBytes(latin1("Content-Length: " + body.length + "\r\n"));
        }
        out.writeBytes(latin1("\r\n"));
        if (body != null) {
            out.writeBytes(body);
        }
        return out.toByteArray();
    }

    InetSocketAddress address() {
        return address;
    }

    String method() {
        return method;
    }

    int receiveBuffer() {
        return receiveBuffer;
    }

    /** What is written to and read from on a connection: itself, or what encrypts on it and has agreed on keys. */
    Socket encrypted(Socket wire) throws IOException {
        if (tls == null) {
            return wire;
        }
        SSLSocket socket = (SSLSocket)
                tls.getSocketFactory().createSocket(wire, "localhost", address.getPort(), /* autoClose= */ true);
        socket.setSoTimeout((int) timeout.toMillis());
        socket.startHandshake();
        return socket;
    }

    Duration timeout() {
        return timeout;
    }

    private boolean has(String name) {
        return headers.stream().anyMatch(header -> header.name().equalsIgnoreCase(name));
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The request line, for messages. */
    @Override
    public String toString() {
        return method + " " + target;
    }
}
