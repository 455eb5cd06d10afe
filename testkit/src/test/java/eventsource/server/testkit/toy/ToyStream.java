package eventsource.server.testkit.toy;

import eventsource.server.spi.HttpAnswer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One stream of the toy: its thread takes an element, writes it, and asks for the next. */
final class ToyStream implements Flow.Subscriber<ByteBuffer> {

    private static final Object END = new Object();
    private static final int QUEUE = 8;
    private static final int PIECE = 8 << 10;
    private static final Set<Fault> CHANGES = EnumSet.of(
            Fault.DROPS_SPACES,
            Fault.SPLITS_AT_U2028,
            Fault.CUTS_LARGE_EVENTS,
            Fault.DROPS_COMMENTS,
            Fault.BEATS_BY_ITSELF);

    /** For a fault. */
    private static final ReentrantLock ONE_WRITER = new ReentrantLock();

    private final Socket socket;
    private final @Nullable Fault fault;
    private final boolean chunked;
    private final boolean resumed;
    private final BlockingDeque<Object> signals = new LinkedBlockingDeque<>();
    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean aborted;
    private volatile boolean silent;
    private int elements;

    ToyStream(Socket socket, @Nullable Fault fault, boolean chunked, boolean resumed) {
        this.socket = socket;
        this.fault = fault;
        this.chunked = chunked;
        this.resumed = resumed;
    }

    void write(HttpAnswer.Streaming answer, byte[] head) throws IOException, InterruptedException {
        try {
            if (fault != Fault.HOLDS_FIRST_BYTES) {
                put(ByteBuffer.wrap(head), false);
            }
            answer.stream().body().subscribe(this);
            if (fault == Fault.FALLS_SILENT) {
                listenForTheEnd();
            }
            for (Object signal = signals.take(); signal != END; signal = signals.take()) {
                ByteBuffer bytes = (ByteBuffer) signal;
                if (fault == Fault.HOLDS_FIRST_BYTES && elements == 0) {
                    Object next = signals.poll();
                    subscription().request(1);
                    signals.putFirst(next == null ? signals.take() : next);
                    put(ByteBuffer.wrap(head), false);
                } else if (fault != Fault.HAS_QUEUES && fault != Fault.DROPS_FROM_QUEUES) {
                    writeAll(bytes);
                    subscription().request(1);
                    continue;
                }
                writeAll(bytes);
            }
            end();
        } catch (IOException gone) {
            if (fault == Fault.NOTICES_NOBODY) {
                return;
            }
            if (subscription != null) {
                subscription().cancel();
            } else {
                answer.stream().end();
            }
            throw gone;
        }
    }

    private void listenForTheEnd() {
        Thread listener = new Thread(() -> {
            try {
                silent = socket.getInputStream().read() < 0;
            } catch (IOException gone) {
                silent = true;
            }
        });
        listener.setDaemon(true);
        listener.start();
    }

    private void end() throws IOException {
        if (fault == Fault.RESETS_AT_THE_END || (aborted && fault != Fault.ENDS_WHAT_IS_ABORTED)) {
            socket.setSoLinger(true, 0);
            socket.close();
        } else if (chunked) {
            socket.getOutputStream().write(ascii("0\r\n\r\n"));
        }
    }

    private void writeAll(ByteBuffer element) throws IOException {
        int number = elements++;
        ByteBuffer bytes = changed(element);
        boolean lost = (fault == Fault.LOSES_THE_FIRST_EVENT && number == 1)
                || (fault == Fault.LOSES_EVENTS && number % 2 == 1)
                || silent;
        if (!lost) {
            put(bytes.duplicate(), chunked);
        }
        if (fault == Fault.DOUBLES_ON_RESUME && resumed && number == 1) {
            put(bytes, chunked);
        }
    }

    private void put(ByteBuffer bytes, boolean asChunk) throws IOException {
        if (fault == Fault.WRITES_IN_TURN) {
            ONE_WRITER.lock();
        }
        try {
            boolean framed = asChunk && bytes.hasRemaining();
            OutputStream out = socket.getOutputStream();
            out.write(framed ? ascii(Integer.toHexString(bytes.remaining()) + "\r\n") : new byte[0]);
            while (bytes.hasRemaining()) {
                byte[] piece = new byte[Math.min(PIECE, bytes.remaining())];
                bytes.get(piece);
                out.write(piece);
            }
            out.write(framed ? ascii("\r\n") : new byte[0]);
        } finally {
            if (fault == Fault.WRITES_IN_TURN) {
                ONE_WRITER.unlock();
            }
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private ByteBuffer changed(ByteBuffer element) {
        if (fault == null || !CHANGES.contains(fault)) {
            return element;
        }
        String text = StandardCharsets.UTF_8.decode(element).toString();
        String changed = switch (fault) {
            case DROPS_SPACES -> text.replace(": ", ":");
            case SPLITS_AT_U2028 -> text.replace('\u2028', '\n');
            case CUTS_LARGE_EVENTS -> text.substring(0, Math.min(text.length(), 64 << 10));
            case DROPS_COMMENTS -> text.replace(":\n", "");
            default -> text.length() < 100 ? text : text.substring(0, 50) + "\n:\n" + text.substring(50);
        };
        return ByteBuffer.wrap(changed.getBytes(StandardCharsets.UTF_8));
    }

    private Flow.Subscription subscription() {
        Flow.Subscription now = subscription;
        if (now == null) {
            throw new IllegalStateException("no subscription yet");
        }
        return now;
    }

    @Override
    public void onSubscribe(Flow.Subscription from) {
        subscription = from;
        boolean queues = fault == Fault.HAS_QUEUES || fault == Fault.DROPS_FROM_QUEUES;
        from.request(queues ? Long.MAX_VALUE : 1);
    }

    @Override
    public void onNext(ByteBuffer bytes) {
        if (fault == Fault.DROPS_FROM_QUEUES && signals.size() >= QUEUE) {
            signals.poll();
        }
        signals.add(bytes);
    }

    @Override
    public void onComplete() {
        signals.add(END);
    }

    @Override
    public void onError(Throwable stalled) {
        aborted = true;
        signals.clear();
        signals.add(END);
        if (fault == Fault.ENDS_WHAT_IS_ABORTED) {
            return;
        }
        try {
            socket.setSoLinger(true, 0);
            socket.close(); // nothing else ends a write that is not taken
        } catch (IOException closed) {
            // It is what was wanted.
        }
    }
}
