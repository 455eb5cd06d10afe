package eventsource.server.vertx;

import eventsource.server.testkit.RunningTransport;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A web server of Vert.x on a free port. */
final class RunningVertx implements RunningTransport {

    private final Vertx vertx;
    private final HttpServer http;

    private RunningVertx(Vertx vertx, HttpServer http) {
        this.vertx = vertx;
        this.http = http;
    }

    /** Serves every path alike. */
    static RunningVertx serving(EventSourceHandler handler) {
        return serving(new HttpServerOptions(), router -> router.route().handler(handler));
    }

    static RunningVertx serving(HttpServerOptions options, Consumer<Router> routes) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        Router router = Router.router(vertx);
        routes.accept(router);
        return new RunningVertx(
                vertx,
                await(vertx.createHttpServer(options.setHost("127.0.0.1").setPort(0))
                        .requestHandler(router)
                        .listen()));
    }

    static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    Vertx vertx() {
        return vertx;
    }

    @Override
    public int port() {
        return http.actualPort();
    }

    @Override
    public void close() {
        await(vertx.close());
    }
}
