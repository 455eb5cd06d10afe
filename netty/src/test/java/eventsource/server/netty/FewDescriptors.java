package eventsource.server.netty;

import eventsource.server.EventSourceServer;
import java.io.IOException;
import java.time.Duration;

/** A program that is started with few descriptors, and says where it listens. */
final class FewDescriptors {

    private FewDescriptors() {}

    public static void main(String[] args) throws IOException {
        EventSourceServer events =
                EventSourceServer.builder().keepalive(Duration.ofMillis(200)).build();
        System.out.println(EventSourceNetty.listen(0, events).port());
    }
}
