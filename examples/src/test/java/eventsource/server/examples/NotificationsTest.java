package eventsource.server.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the example does that a client does not see. */
class NotificationsTest {

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void aServerThatNobodyNeedsIsDropped() throws Exception {
        var notifications = new Notifications();
        notifications.options.retainFor(Duration.ofMillis(100));
        Site site = notifications.start();
        notifications.notify("ann", "x").toCompletableFuture().get();
        EventSourceServer hers = site.servers().iterator().next();
        while (!site.servers().isEmpty()) {
            assertEquals(List.of(hers), List.copyOf(site.servers()));
            notifications.dropUnused();
            Thread.onSpinWait();
        }
        assertTrue(hers.emit("too late").toCompletableFuture().isCompletedExceptionally(), "it is stopped");
        notifications.options.retainFor(Duration.ofHours(1));
        notifications.notify("ann", "y").toCompletableFuture().get();
        notifications.dropUnused();
        assertEquals(1, site.servers().size(), "it has something for her");
    }
}
