package eventsource.server.examples.vertx;

import eventsource.server.examples.Host;
import eventsource.server.examples.Site;
import eventsource.server.spi.HttpManners;
import eventsource.server.spi.HttpRequest;
import eventsource.server.vertx.EventSourceHandler;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Vert.x, with a route that finds out whether it is to be a stream. */
public final class VertxHost implements Host {

    private static final long PATIENCE_SECONDS = 3;

    @Override
    public String name() {
        return "vertx";
    }

    @Override
    public Runnable serve(Site site, int port) throws IOException {
        Vertx vertx = Vertx.vertx();
        Router router = Router.router(vertx);
        Map<HttpManners, EventSourceHandler> handlers = new ConcurrentHashMap<>();
        router.route().handler(routing -> {
            HttpRequest request = HttpRequest.of(
                    routing.request().method().name(),
                    routing.request().uri(),
                    routing.request().headers()::getAll,
                    /* loopback= */ true);
            HttpManners manners = site.stream(request);
            if (manners == null) {
                answer(routing, site, request);
            } else if (site.isShared(manners)) {
                handlers.computeIfAbsent(manners, EventSourceHandler::of).handle(routing);
            } else {
                EventSourceHandler.of(manners).handle(routing); // of a server that comes and goes
            }
        });
        try {
            join(vertx.createHttpServer().requestHandler(router).listen(port, "127.0.0.1"));
        } catch (CompletionException failed) {
            join(vertx.close());
            throw failed.getCause() instanceof IOException why ? why : new IOException(failed.getCause());
        }
        return () -> join(vertx.close().otherwiseEmpty());
    }

    private static void answer(RoutingContext routing, Site site, HttpRequest request) {
        Context own = routing.vertx().getOrCreateContext();
        Body body = new Body(Site.MAX_BODY);
        routing.request().handler(body::add).endHandler(end -> {
            if (body.isTooLarge()) {
                EventSourceHandler.send(routing, Site.tooLarge());
                return;
            }
            site.answer(request, body.bytes())
                    .thenAccept(answer -> own.runOnContext(now -> EventSourceHandler.send(routing, answer)));
        });
    }

    private static <T> void join(Future<T> future) {
        future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
