package eventsource.server.servlet;

import eventsource.server.spi.HttpAnswer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Writes one answer to one asynchronous response: an element, a flush, and when the container has got rid of both the next
 * element.
 *
 * <p>Confinement. The container's threads and the one that drains the stream both write, whoever finds that it can go on:
 * guarded by this object, together with all that is said to the response, so that the container, which waits here for its
 * calls to return, never takes the response back in the middle. Nothing that is done under the lock waits for a client.
 * {@link #onComplete(AsyncEvent)} does not take it, because it may come under a lock of the container's that is taken under
 * this one, too.
 */
final class ResponseWriter implements Flow.Subscriber<ByteBuffer>, AsyncListener {

    private static final System.Logger LOG = System.getLogger(EventSourceServlet.class.getName());

    /** As much of a large event is given to the container at a time, which may have to keep it; elements go as one. */
    private static final int SLICE = 64 << 10;

    /** A small last slice would pass where the client takes nothing, and look as if it took all. */
    private static final int LAST_SLICE = 96 << 10;

    private final AsyncContext context;
    private final HttpServletResponse response;
    private final ServletOutputStream out;
    private final Cut cut;
    private final boolean bodiless;
    private volatile Flow.@Nullable Subscription subscription;
    private final AtomicReference<@Nullable HttpAnswer> unsent = new AtomicReference<>();
    private volatile boolean started; // by the container, whose thread has left the filters then
    private volatile boolean over; // set under the lock wherever something is done to the response afterwards

    private boolean writable; // since the container has said so, until it says otherwise
    private @Nullable ByteBuffer rest;
    private boolean unflushed;
    private boolean untaken; // and then the next element is requested
    private boolean ending;
    private boolean checked;

    private ResponseWriter(HttpServletRequest request, HttpServletResponse response) throws IOException {
        this.response = response;
        bodiless = request.getMethod().equals("HEAD");
        out = response.getOutputStream();
        context = request.startAsync(request, response);
        cut = Cut.of(request, response, context);
    }

    /** Makes the request asynchronous, and has the container say when it can be written. */
    static ResponseWriter start(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ResponseWriter writer = new ResponseWriter(request, response);
        writer.context.setTimeout(0);
        writer.context.addListener(writer);
        writer.out.setWriteListener(writer.new Listener());
        return writer;
    }

    /**
     * Sends the answer as soon as the container says that it can: before that, filters in front may still say something to the
     * response, on the thread that has brought the request. Ends the stream in it if it is too late for that.
     */
    void send(HttpAnswer answer) {
        unsent.set(answer);
        if (started) {
            sendUnsent();
        } else if (over) {
            cancel();
        }
    }

    /** Once: whoever takes the answer out sends it. Fails where a filter has sent a head. */
    private void sendUnsent() {
        HttpAnswer answer = unsent.getAndSet(null);
        if (answer == null) {
            return;
        }
        try {
            give(answer);
        } catch (RuntimeException failed) {
            LOG.log(Level.ERROR, "an answer could not be sent", failed);
            leave();
            EventSourceServlet.end(answer);
        }
    }

    private void give(HttpAnswer answer) {
        if (answer instanceof HttpAnswer.Streaming streaming) {
            if (begin(answer, /* bytes= */ -1)) {
                streaming.stream().body().subscribe(this);
            } else {
                streaming.stream().end();
            }
        } else if (answer instanceof HttpAnswer.Whole whole) {
            byte[] body = bodiless ? new byte[0] : whole.body().getBytes(StandardCharsets.UTF_8);
            if (begin(answer, bodiless || whole.status() == 204 ? -1 : body.length)) {
                end(body.length == 0 ? null : ByteBuffer.wrap(body));
            }
        }
    }

    private synchronized boolean begin(HttpAnswer answer, int bytes) {
        if (over) {
            return false;
        }
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        if (bytes >= 0) {
            response.setContentLength(bytes);
        } else if (answer instanceof HttpAnswer.Streaming) {
            cut.prepare();
        }
        return true;
    }

    private void end(@Nullable ByteBuffer last) {
        synchronized (this) {
            rest = last;
            ending = true;
        }
        goOn();
    }

    // --- what the stream says ---

    @Override
    public void onSubscribe(Flow.Subscription from) {
        subscription = from;
        if (over) {
            from.cancel();
        } else {
            from.request(1);
        }
    }

    @Override
    public void onNext(ByteBuffer bytes) {
        synchronized (this) {
            rest = bytes;
            unflushed = true;
            untaken = true;
        }
        goOn();
    }

    @Override
    public void onComplete() {
        end(null);
    }

    /** The container may have bytes that the client does not take: they are not waited for. */
    @Override
    public void onError(Throwable why) {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            rest = null;
            cut.whileOurs();
        }
        cut.now();
    }

    // --- what the container says ---

    /** Apart, because a stream says by the same name that it failed. */
    private final class Listener implements WriteListener {

        @Override
        public void onWritePossible() throws IOException {
            becomeWritable();
            sendUnsent();
            goOn();
        }

        @Override
        public void onError(Throwable gone) {
            leave();
        }
    }

    private synchronized void becomeWritable() throws IOException {
        writable = true;
        started = true;
        cut.check();
    }

    @Override
    public void onError(AsyncEvent event) {
        leave();
    }

    /** There is no time-out, unless somebody else sets one: then the stream is cut off, and its client comes back. */
    @Override
    public void onTimeout(AsyncEvent event) {
        leave();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        over = true;
        cancel();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Whoever dispatched the request elsewhere has completed this one, which was heard already.
    }

    // --- writing ---

    private void goOn() {
        boolean taken;
        try {
            taken = write();
        } catch (Compressed refused) {
            context.start(() -> onError(refused)); // not here, where the container may have to be told
            cancel();
            return;
        } catch (IOException | RuntimeException gone) {
            leave();
            return;
        }
        Flow.Subscription from = subscription;
        if (taken && from != null) {
            from.request(1);
        }
    }

    /** Writes as much as the container takes; true if that was the element, and the next one may come. */
    private synchronized boolean write() throws IOException {
        while (writable && !over) {
            boolean written = rest == null && !unflushed;
            if (written && ending) {
                over = true;
                context.complete();
            } else if (!out.isReady()) {
                writable = false; // it says when
            } else if (rest != null) {
                writeSlice(rest);
            } else if (unflushed) {
                unflushed = false;
                out.flush();
                refuseCompression();
            } else {
                boolean taken = untaken;
                untaken = false;
                return taken;
            }
        }
        return false;
    }

    private void writeSlice(ByteBuffer from) throws IOException {
        byte[] slice = new byte[from.remaining() <= LAST_SLICE ? from.remaining() : SLICE];
        from.get(slice);
        if (!from.hasRemaining()) {
            rest = null;
        }
        out.write(slice); // which may keep it
    }

    /** The head tells what the container makes of the body, once it has been sent. */
    private void refuseCompression() throws IOException {
        if (!checked && response.getHeader("Content-Encoding") != null) {
            LOG.log(
                    Level.ERROR,
                    "the container compresses event streams, so they are cut off: take text/event-stream out of"
                            + " what it compresses (its compressible MIME types, or a filter in front of the servlet)");
            throw new Compressed();
        }
        checked = true;
    }

    /** The container makes something else of a stream. */
    private static final class Compressed extends IOException {
        private static final long serialVersionUID = 1;
    }

    /**
     * The client has gone. Once, because the container takes the response back after the first time, and whatever is said to it
     * then, another client's response may hear.
     */
    private void leave() {
        synchronized (this) {
            if (!over) {
                over = true;
                rest = null;
                cut.complete();
            }
        }
        cancel();
    }

    private void cancel() {
        HttpAnswer nobodys = unsent.getAndSet(null);
        if (nobodys != null) {
            EventSourceServlet.end(nobodys);
        }
        Flow.Subscription from = subscription;
        if (from != null) {
            from.cancel();
        }
    }
}
