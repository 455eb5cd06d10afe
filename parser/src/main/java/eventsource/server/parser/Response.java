package eventsource.server.parser;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** One response on a connection: its head, and its body as far as it has been read. */
final class Response {
    private static final int LARGEST_HEAD = 64 * 1024;

    private final WireInput input;
    private final ResponseHead head;
    private final BodyFraming framing;
    private final boolean eventStream;
    private final ArrayDeque<ParsedEvent> events = new ArrayDeque<>();
    private final EventStreamParser parser = new EventStreamParser(events::add);
    private final Tail tail = new Tail();
    private long bytesRead;
    private TestClient.@Nullable End end;

    private Response(WireInput input, ResponseHead head, BodyFraming framing) {
        this.input = input;
        this.head = head;
        this.framing = framing;
        this.eventStream = head.isEventStream();
    }

    /** Sends a request and reads the head of its response. */
    static Response to(TestRequest request, Socket socket, WireInput input) {
        String sent = "";
        try {
            socket.getOutputStream().write(request.toBytes());
        } catch (IOException e) {
            // The server may have answered and closed before it read the whole body, so its answer still counts.
            sent = "; sending failed: " + e;
        }
        Deadline deadline = Deadline.in(request.timeout());
        ResponseHead head;
        do {
            head = readHead(input, deadline, sent);
        } while (head.interim());
        return new Response(input, head, head.framing(request.method()));
    }

    private static ResponseHead readHead(WireInput input, Deadline deadline, String sent) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        int matched = 0;
        while (matched < 4) {
            String missing = bytes.size() < LARGEST_HEAD ? fillForHead(input, deadline) : " within 64 KiB";
            if (missing != null) {
                Tail received = new Tail();
                received.add(bytes.toByteArray(), 0, bytes.size());
                throw new AssertionError("no response head" + missing + sent + "; received " + received);
            }
            int c = input.take();
            bytes.write(c);
            boolean expected = c == ((matched & 1) == 0 ? '\r' : '\n');
            matched = expected ? matched + 1 : c == '\r' ? 1 : 0;
        }
        return new ResponseHead(bytes.toByteArray());
    }

    private static @Nullable String fillForHead(WireInput input, Deadline deadline) {
        try {
            if (input.buffered() > 0 || input.fill(Integer.MAX_VALUE, deadline)) {
                return null;
            }
            return input.reset() ? " before the connection was reset" : " before the end of the connection";
        } catch (SocketTimeoutException e) {
            return " within " + deadline;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads some bytes of the body.
     *
     * @param max how many bytes to take at most, of the body and off the socket
     * @param wanted what the caller is waiting for, for the message
     * @param into also gets the bytes
     * @return the number of bytes, or -1 at the end
     */
    int pump(int max, Deadline deadline, String wanted, @Nullable ByteArrayOutputStream into) {
        while (true) {
            int count = Math.min(max, framing.available(input));
            if (count > 0) {
                take(count, into);
                return count;
            }
            if (framing.complete() || !fill(max, deadline, wanted)) {
                finish();
                return -1;
            }
        }
    }

    private boolean fill(int max, Deadline deadline, String wanted) {
        if (end != null) {
            return false;
        }
        try {
            return input.fill(max, deadline);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no " + wanted + " within " + deadline + "; " + this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void take(int count, @Nullable ByteArrayOutputStream into) {
        bytesRead += count;
        tail.add(input.array(), input.position(), count);
        if (into != null) {
            into.write(input.array(), input.position(), count);
        }
        if (eventStream) {
            parser.feed(input.array(), input.position(), count);
        }
        input.skip(count);
        framing.consumed(count);
    }

    private void finish() {
        if (end == null) {
            end = framed() && parser.atBoundary() ? TestClient.End.CLEAN : TestClient.End.ABORTED;
            parser.end();
        }
    }

    /** Whether the body, which has ended, is whole as far as HTTP can tell. */
    boolean framed() {
        return framing.complete() || (framing.closeDelimited() && !input.reset());
    }

    boolean reusable() {
        return framing.complete() && head.keepsAlive();
    }

    ResponseHead head() {
        return head;
    }

    boolean eventStream() {
        return eventStream;
    }

    EventStreamParser parser() {
        return parser;
    }

    ArrayDeque<ParsedEvent> events() {
        return events;
    }

    long bytesRead() {
        return bytesRead;
    }

    TestClient.@Nullable End end() {
        return end;
    }

    @Override
    public String toString() {
        String how = end == null ? "" : input.reset() ? ", ended by a reset" : ", ended " + end;
        return "status " + head.status() + how + "; body so far: " + tail;
    }
}
