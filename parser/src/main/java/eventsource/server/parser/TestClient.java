package eventsource.server.parser;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.x client over one raw socket, for tests: what it shows is what was on the wire, or in its encryption.
 *
 * <p>It reads only when it is asked to, so a test decides how fast a client is; all bytes of a {@code
 * text/event-stream} body pass through {@link #parser()}, by whichever method they are read. Events that were read but
 * not yet returned are kept without bound.
 *
 * <p>Everything blocks, and an instance is for one thread at a time. Failures of the connection that have no result of
 * their own surface as {@link UncheckedIOException}, broken HTTP as {@link MalformedResponseException}, and what a test
 * waited for in vain as {@link AssertionError}.
 */
public final class TestClient implements AutoCloseable {
    /** How a body ended. */
    public enum End {
        /** Its framing was complete (for a body delimited by close: FIN) and no event was left unfinished. */
        CLEAN,
        /** A reset, a FIN before the framing was complete, or an end inside an event. */
        ABORTED
    }

    private final Socket wire;
    private final Socket socket; // the same, or what encrypts on it
    private final WireInput input;
    private TestRequest request;
    private Response response;
    private @Nullable ByteArrayOutputStream rest;

    private TestClient(Socket wire, Socket socket, TestRequest request) throws IOException {
        this.wire = wire;
        this.socket = socket;
        this.request = request;
        this.input = new WireInput(socket, request.receiveBuffer());
        this.response = Response.to(request, socket, input);
    }

    /**
     * Begins a GET request to the loopback address.
     *
     * @param port the port of the server
     * @param target the request target, sent as it is
     * @return the request, to be completed and opened
     */
    public static TestRequest get(int port, String target) {
        return TestRequest.of("GET", port, target);
    }

    /**
     * Begins a GET request.
     *
     * @param uri an {@code http} URI
     * @return the request, to be completed and opened
     */
    public static TestRequest get(URI uri) {
        return TestRequest.of("GET", uri);
    }

    static TestClient open(TestRequest request) {
        Socket socket = new Socket();
        try {
            if (request.receiveBuffer() > 0) {
                // Only before connecting does it bound the window that is announced.
                socket.setReceiveBufferSize(request.receiveBuffer());
            }
            socket.setTcpNoDelay(true);
            socket.connect(request.address(), (int) request.timeout().toMillis());
            return new TestClient(socket, request.encrypted(socket), request);
        } catch (IOException e) {
            closeQuietly(socket, e);
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            closeQuietly(socket, e);
            throw e;
        }
    }

    /**
     * Sends a further request on the same connection and reads its response head. What is left of the body before is
     * read first. Parser, counters and events begin anew.
     *
     * @param next the request; its address, receive buffer and TLS are not used
     * @return this client
     * @throws IllegalStateException if the response before does not let the connection be used again
     */
    public TestClient send(TestRequest next) {
        End before = awaitEnd(request.timeout());
        if (!response.reusable()) {
            throw new IllegalStateException("the connection cannot be used again: " + before + "; " + response);
        }
        if (input.buffered() > 0) {
            throw new MalformedResponseException(input.buffered() + " bytes follow a complete response; " + response);
        }
        request = next;
        response = Response.to(next, socket, input);
        rest = null;
        return this;
    }

    /**
     * Returns the status code.
     *
     * @return the status code
     */
    public int status() {
        return response.head().status();
    }

    /**
     * Returns the reason phrase.
     *
     * @return the reason phrase, possibly empty
     */
    public String reason() {
        return response.head().reason();
    }

    /**
     * Returns the value of a header that must not be repeated.
     *
     * @param name the name, in any case
     * @return the value, read as Latin-1
     * @throws AssertionError if the header is there more than once
     */
    public Optional<String> header(String name) {
        List<String> values = response.head().all(name);
        if (values.size() > 1) {
            throw new AssertionError("the header " + name + " is repeated: " + values);
        }
        return values.stream().findFirst();
    }

    /**
     * Returns the values of a header.
     *
     * @param name the name, in any case
     * @return the values in order, read as Latin-1
     */
    public List<String> headers(String name) {
        return response.head().all(name);
    }

    /**
     * Returns all headers.
     *
     * @return an unmodifiable map that finds names in any case
     */
    public Map<String, List<String>> headers() {
        return response.head().headers();
    }

    /**
     * Returns the parser of the body. Its events come out of {@link #next()}; it can be asked for everything else.
     *
     * @return the parser, which has seen nothing unless the response is an event stream
     */
    public EventStreamParser parser() {
        return response.parser();
    }

    /**
     * Returns the number of body bytes read so far, without chunk framing.
     *
     * @return the number of bytes
     */
    public long bytesRead() {
        return response.bytesRead();
    }

    /**
     * Reads the rest of the body: all of it, unless some was read before. Calling it again returns the same bytes.
     *
     * @return the bytes
     * @throws AssertionError if the body does not end in time or its framing is incomplete at the end
     */
    public byte[] body() {
        ByteArrayOutputStream bytes = rest == null ? new ByteArrayOutputStream() : rest;
        rest = bytes;
        Deadline deadline = Deadline.in(request.timeout());
        int count;
        do {
            count = response.pump(Integer.MAX_VALUE, deadline, "end of the body", bytes);
        } while (count >= 0);
        if (!response.framed()) {
            throw new AssertionError("the body was cut; " + response);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads the rest of the body like {@link #body()}.
     *
     * @return the body as UTF-8
     */
    public String bodyText() {
        return new String(body(), StandardCharsets.UTF_8);
    }

    /**
     * Reads at least one byte of the body, without taking anything off the socket that might be beyond the maximum.
     *
     * @param maxBytes the largest number of bytes to read
     * @return the number of bytes read, or -1 at the end of the body
     */
    public int read(int maxBytes) {
        if (maxBytes <= 0) {
            throw new IllegalArgumentException("maxBytes: " + maxBytes);
        }
        return response.pump(maxBytes, Deadline.in(request.timeout()), "further byte of the body", null);
    }

    /**
     * Reads an exact number of body bytes.
     *
     * @param count the number of bytes
     * @return the bytes
     * @throws AssertionError if the body ends before or the bytes do not come in time
     */
    public byte[] readExactly(int count) {
        Deadline deadline = Deadline.in(request.timeout());
        String wanted = "sequence of " + count + " bytes";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(count);
        while (bytes.size() < count) {
            readOrFail(count - bytes.size(), deadline, wanted, bytes);
        }
        return bytes.toByteArray();
    }

    /**
     * Waits for the next event, 10 seconds unless the request says otherwise.
     *
     * @return the event
     * @throws AssertionError if it does not come in time or the stream has ended
     */
    public ParsedEvent next() {
        return next(request.timeout());
    }

    /**
     * Waits for the next event.
     *
     * @param timeout how long to wait
     * @return the event
     * @throws AssertionError if it does not come in time or the stream has ended
     */
    public ParsedEvent next(Duration timeout) {
        requireEventStream();
        ParsedEvent event = response.events().poll();
        if (event != null) {
            return event;
        }
        Deadline deadline = Deadline.in(timeout);
        do {
            readOrFail(Integer.MAX_VALUE, deadline, "further event", null);
            event = response.events().poll();
        } while (event == null);
        return event;
    }

    /**
     * Waits for several events, for each as long as {@link #next()} does.
     *
     * @param count the number of events
     * @return the events
     * @throws AssertionError if one does not come in time or the stream has ended
     */
    public List<ParsedEvent> next(int count) {
        List<ParsedEvent> result = new ArrayList<>();
        while (result.size() < count) {
            result.add(next());
        }
        return result;
    }

    /**
     * Takes the events that were read already, without waiting. After {@link #awaitEnd} these are all the rest.
     *
     * @return the events that no call of {@code next} has returned
     */
    public List<ParsedEvent> drain() {
        List<ParsedEvent> result = List.copyOf(response.events());
        response.events().clear();
        return result;
    }

    /**
     * Reads until a number of comment lines has been seen in total.
     *
     * @param count the number of comment lines since the beginning of the body
     * @param timeout how long to wait
     * @throws AssertionError if they do not come in time or the stream has ended
     */
    public void awaitComments(int count, Duration timeout) {
        requireEventStream();
        Deadline deadline = Deadline.in(timeout);
        while (response.parser().comments() < count) {
            readOrFail(Integer.MAX_VALUE, deadline, "total of " + count + " comments", null);
        }
    }

    /**
     * Reads to the end of the body.
     *
     * @param timeout how long to wait
     * @return how it ended
     * @throws AssertionError if it does not end in time
     */
    public End awaitEnd(Duration timeout) {
        Deadline deadline = Deadline.in(timeout);
        while (response.pump(Integer.MAX_VALUE, deadline, "end of the body", null) >= 0) {
            // The bytes matter to the parser only.
        }
        return Objects.requireNonNull(response.end());
    }

    /**
     * Closes the sending side: the server sees the end of the stream while the client can still read. With TLS, what it sees is
     * {@code close_notify}, and the end of the connection does not come before {@link #close}.
     */
    public void shutdownOutput() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Cuts the connection: the server sees a reset. */
    public void cut() {
        try {
            wire.setSoLinger(true, 0);
            wire.close(); // and not what encrypts on it, which would say goodbye
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Closes the connection in order. The system still turns it into a reset if bytes of the server are unread; where
     * it matters, {@link #shutdownOutput()} and {@link #awaitEnd} come before. A second call has no effect.
     */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The request, and what came of its response so far, for messages: the last of the bytes, without the chunks. */
    @Override
    public String toString() {
        return request + ": " + response;
    }

    private void readOrFail(int max, Deadline deadline, String wanted, @Nullable ByteArrayOutputStream into) {
        if (response.pump(max, deadline, wanted, into) < 0) {
            throw new AssertionError("the body ended, no " + wanted + " is left; " + response);
        }
    }

    private void requireEventStream() {
        if (!response.eventStream()) {
            throw new AssertionError("not an event stream: Content-Type " + headers("Content-Type") + "; " + response);
        }
    }

    private static void closeQuietly(Socket socket, Throwable reason) {
        try {
            socket.close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }
}
