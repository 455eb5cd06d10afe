package eventsource.server.examples;

import eventsource.server.netty.EventSourceNetty;
import eventsource.server.netty.EventSourceNettyBuilder;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** The embedded server. */
public final class NettyHost implements Host {

    @Override
    public String name() {
        return "netty";
    }

    @Override
    public Runnable serve(Site site, int port) throws IOException {
        EventSourceNettyBuilder options = EventSourceNetty.builder().port(port);
        site.streams()
                .forEach((path, manners) ->
                        options.route(path, request -> CompletableFuture.completedStage(manners.apply(request))));
        site.others().forEach((path, other) -> options.handle(path, other.methods(), other.work()::apply));
        return options.start()::close;
    }
}
