package eventsource.server.interop;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.sse.EventSource;
import okhttp3.sse.EventSourceListener;
import okhttp3.sse.EventSources;

/** okhttp-sse, which does not reconnect and does not tell the reconnection time. */
final class OkHttpSse extends EventSourceListener {
    private final Loop loop;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private OkHttpSse(Loop loop) {
        this.loop = loop;
    }

    public static void main(String[] args) throws InterruptedException {
        EventSource.Factory factory = EventSources.createFactory(new OkHttpClient());
        Loop.run(loop -> {
            OkHttpSse listener = new OkHttpSse(loop);
            Request.Builder request = new Request.Builder().url(args[0]);
            if (!loop.lastEventId().isEmpty()) {
                request.header("Last-Event-ID", loop.lastEventId());
            }
            factory.newEventSource(request.build(), listener);
            listener.ended.get();
        });
    }

    @Override
    public void onOpen(EventSource source, Response response) {
        status(response);
    }

    @Override
    public void onEvent(EventSource source, String id, String type, String data) {
        loop.event(type, data, id);
    }

    @Override
    public void onClosed(EventSource source) {
        ended.complete(null);
    }

    @Override
    public void onFailure(EventSource source, Throwable failure, Response response) {
        // A response without events is a failure here, 204 too.
        if (response != null && response.code() != 200) {
            status(response);
            ended.complete(null);
        } else {
            ended.completeExceptionally(failure != null ? failure : new IOException("a failure that is not told"));
        }
    }

    private void status(Response response) {
        try {
            loop.opened(response.code());
        } catch (IOException unexpected) {
            ended.completeExceptionally(unexpected);
        }
    }
}
