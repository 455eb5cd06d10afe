package eventsource.server.fanout;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A broadcast on Vert.x, which leaves the format, and what becomes of slow clients, to its users. Usage: {@code OnVertx PORT}. */
public final class OnVertx {

    private OnVertx() {}

    public static void main(String[] args) {
        Set<HttpServerResponse> streams = ConcurrentHashMap.newKeySet();
        Vertx vertx = Vertx.vertx();
        Router router = Router.router(vertx);
        router.get("/events").handler(context -> {
            HttpServerResponse stream = context.response().setChunked(true);
            stream.putHeader("Content-Type", "text/event-stream").putHeader("Cache-Control", "no-cache");
            stream.closeHandler(closed -> streams.remove(stream));
            stream.writeHead().onSuccess(written -> streams.add(stream));
        });
        router.post("/emit").handler(BodyHandler.create(/* handleFileUploads= */ false));
        router.post("/emit").handler(context -> {
            Objects.requireNonNull(context.body().asString(), "a body").lines().forEach(line -> {
                Buffer event = Buffer.buffer("data: " + line + "\n\n");
                for (HttpServerResponse stream : streams) {
                    if (!stream.writeQueueFull()) {
                        stream.write(event);
                    }
                }
            });
            context.response().setStatusCode(204).end();
        });
        vertx.createHttpServer().requestHandler(router).listen(Integer.parseInt(args[0]), "127.0.0.1");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> vertx.close().await()));
    }
}
