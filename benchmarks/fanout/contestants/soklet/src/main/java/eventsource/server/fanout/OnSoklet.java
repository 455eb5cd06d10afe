package eventsource.server.fanout;

import com.soklet.HandshakeResult;
import com.soklet.ResourceMethodResolver;
import com.soklet.ResourcePath;
import com.soklet.Server;
import com.soklet.ServerSentEvent;
import com.soklet.ServerSentEventServer;
import com.soklet.Soklet;
import com.soklet.SokletConfig;
import com.soklet.annotation.POST;
import com.soklet.annotation.RequestBody;
import com.soklet.annotation.ServerSentEventSource;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A broadcast on Soklet, whose streams have a port of their own. Usage: {@code OnSoklet PORT PORT-TO-EMIT}. */
public final class OnSoklet {

    private static @Nullable ServerSentEventServer events;

    /** For the framework. */
    public OnSoklet() {}

    public static void main(String[] args) throws InterruptedException {
        events = ServerSentEventServer.withPort(Integer.parseInt(args[0]))
                .host("127.0.0.1")
                .concurrentConnectionLimit(20_000)
                .build();
        var server =
                Server.withPort(Integer.parseInt(args[1])).host("127.0.0.1").build();
        Soklet.fromConfig(SokletConfig.withServer(server)
                        .serverSentEventServer(events)
                        .resourceMethodResolver(ResourceMethodResolver.fromClasses(Set.of(OnSoklet.class)))
                        .build())
                .start();
        new CountDownLatch(1).await(); // its threads do not keep a program running
    }

    @ServerSentEventSource("/events")
    public HandshakeResult events() {
        return HandshakeResult.accept();
    }

    @POST("/emit")
    public void emit(@RequestBody String body) {
        if (events != null) {
            events.acquireBroadcaster(ResourcePath.fromPath("/events"))
                    .ifPresent(broadcaster -> body.lines()
                            .forEach(line -> broadcaster.broadcastEvent(
                                    ServerSentEvent.withData(line).build())));
        }
    }
}
