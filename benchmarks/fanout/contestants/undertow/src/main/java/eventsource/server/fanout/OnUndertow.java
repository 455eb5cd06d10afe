package eventsource.server.fanout;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.server.handlers.sse.ServerSentEventHandler;

/** A broadcast on Undertow. Usage: {@code OnUndertow PORT}. */
public final class OnUndertow {

    private OnUndertow() {}

    public static void main(String[] args) {
        var events = new ServerSentEventHandler();
        var paths = Handlers.path()
                .addExactPath("/events", events)
                .addExactPath(
                        "/emit",
                        exchange -> exchange.getRequestReceiver().receiveFullString((request, body) -> {
                            body.lines()
                                    .forEach(line ->
                                            events.getConnections().forEach(connection -> connection.send(line)));
                            request.setStatusCode(204).endExchange();
                        }));
        Undertow server = Undertow.builder()
                .addHttpListener(Integer.parseInt(args[0]), "127.0.0.1", paths)
                .build();
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
    }
}
