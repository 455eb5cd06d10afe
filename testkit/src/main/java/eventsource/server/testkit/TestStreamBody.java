package eventsource.server.testkit;

import eventsource.server.parser.EventStreamParser;
import eventsource.server.parser.ParsedEvent;
import eventsource.server.parser.TestClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What has come of the response of a {@link TestStream}. Threads of the HTTP client write it, the test's thread waits for it;
 * all of it is guarded by this.
 */
final class TestStreamBody implements HttpResponse.BodySubscriber<TestStreamBody> {

    /**
     * An event that came.
     *
     * @param violations what had broken the rules by then
     */
    private record Arrived(ParsedEvent event, List<String> violations) {}

    /** How many bytes a failure shows. */
    private static final int SHOWN = 500;

    private final int status;
    private final boolean eventStream;
    private final EventStreamParser parser = new EventStreamParser(this::arrived);
    private final Queue<Arrived> events = new ArrayDeque<>();
    private byte[] tail = new byte[0];
    private long total;
    private int told;
    private Flow.@Nullable Subscription subscription;
    private TestClient.@Nullable End end;
    private @Nullable Throwable cause;
    private boolean closed;

    TestStreamBody(int status, HttpHeaders headers) {
        this.status = status;
        this.eventStream = headers.firstValue("Content-Type")
                .filter(type -> type.toLowerCase(Locale.ROOT).matches("text/event-stream([ \t]*;.*)?"))
                .isPresent();
    }

    // --- from the HTTP client

    @Override
    public CompletionStage<TestStreamBody> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
        synchronized (this) {
            subscription = newSubscription;
            if (!closed) {
                newSubscription.request(Long.MAX_VALUE);
                return;
            }
        }
        newSubscription.cancel();
    }

    @Override
    public synchronized void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            keep(bytes);
            if (eventStream && end == null) {
                parser.feed(bytes);
            }
        }
        notifyAll();
    }

    private void arrived(ParsedEvent event) {
        events.add(new Arrived(event, parser.violations()));
    }

    private void keep(byte[] bytes) {
        total += bytes.length;
        byte[] all = Arrays.copyOf(tail, tail.length + bytes.length);
        System.arraycopy(bytes, 0, all, tail.length, bytes.length);
        tail = Arrays.copyOfRange(all, Math.max(0, all.length - SHOWN), all.length);
    }

    @Override
    public synchronized void onComplete() {
        end(parser.atBoundary() ? TestClient.End.CLEAN : TestClient.End.ABORTED);
    }

    @Override
    public synchronized void onError(Throwable failed) {
        cause = closed ? cause : failed; // what we have cut ourselves explains nothing
        end(TestClient.End.ABORTED);
    }

    private void end(TestClient.End how) {
        if (end == null) {
            end = how;
            parser.end();
        }
        notifyAll();
    }

    // --- for the test

    synchronized ParsedEvent next(Duration timeout) {
        requireEventStream();
        await(timeout, "event", () -> !events.isEmpty());
        Arrived arrived = events.remove();
        failOn(arrived.violations);
        return arrived.event;
    }

    synchronized void expectNothing(Duration time) {
        requireEventStream();
        waited(time, "event", () -> !events.isEmpty() || end != null);
        Arrived arrived = events.peek();
        if (arrived != null) {
            throw failure("nothing was to come, and this did: " + arrived.event);
        }
    }

    synchronized Duration retry(Duration timeout) {
        requireEventStream();
        await(timeout, "retry line", () -> parser.retryMillis().isPresent());
        return Duration.ofMillis(parser.retryMillis().orElseThrow());
    }

    synchronized TestClient.End awaitEnd(Duration timeout) {
        await(timeout, "end", () -> end != null);
        failOn(parser.violations());
        return Objects.requireNonNull(end);
    }

    void close() {
        Flow.Subscription toCancel;
        synchronized (this) {
            toCancel = closed ? null : subscription;
            closed = true;
        }
        if (toCancel != null) {
            toCancel.cancel();
        }
        synchronized (this) {
            end(TestClient.End.ABORTED);
            failOn(parser.violations());
        }
    }

    private void requireEventStream() {
        if (!eventStream) {
            throw failure("this is no event stream");
        }
    }

    private void failOn(List<String> violations) {
        if (violations.size() > told) {
            told = violations.size();
            throw failure("the stream broke the rules of the wire: " + violations);
        }
    }

    /** Waits for something, and fails if it does not come in time or cannot come any more. */
    private void await(Duration timeout, String what, BooleanSupplier came) {
        if (!waited(timeout, what, () -> came.getAsBoolean() || end != null)) {
            throw failure("no " + what + " within " + timeout.toMillis() + " ms");
        }
        if (!came.getAsBoolean()) {
            throw failure("the stream has ended, and no further " + what + " can come");
        }
    }

    /** Waits until something is so. False if the time is over first. */
    private boolean waited(Duration timeout, String what, BooleanSupplier condition) {
        long nanos = TimeUnit.MILLISECONDS.toNanos(Math.min(timeout.toMillis(), TimeUnit.DAYS.toMillis(365)));
        long start = System.nanoTime();
        try {
            while (!condition.getAsBoolean()) {
                long left = nanos - (System.nanoTime() - start);
                if (left <= 0) {
                    return false;
                }
                wait(left / 1_000_000 + 1);
            }
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw failure("interrupted while waiting for the next " + what);
        }
    }

    /** A failure that shows what has come. */
    synchronized AssertionError failure(String what) {
        StringBuilder text = new StringBuilder(what);
        text.append("; status ").append(status);
        if (end != null) {
            text.append(", ended ").append(end);
        }
        if (closed) {
            text.append(", closed");
        }
        if (!parser.violations().isEmpty()) {
            text.append("; violations: ").append(parser.violations());
        }
        text.append("; body so far: ")
                .append(total)
                .append(total > tail.length ? " bytes, the last of which are " : " bytes ");
        return new AssertionError(text.append(quoted(tail)).toString(), cause);
    }

    private static String quoted(byte[] bytes) {
        StringBuilder text = new StringBuilder("\"");
        for (char c : new String(bytes, StandardCharsets.ISO_8859_1).toCharArray()) {
            switch (c) {
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case '\\', '"' -> text.append('\\').append(c);
                default -> text.append(c >= 0x20 && c < 0x7F ? String.valueOf(c) : String.format("\\x%02X", (int) c));
            }
        }
        return text.append('"').toString();
    }
}
