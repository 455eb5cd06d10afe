package eventsource.server.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.parser.TestClient;
import eventsource.server.spring.RunningApplication.Stack;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

@DisplayName("What operators look at")
@Timeout(120)
class ActuatorTest {

    @Test
    @DisplayName("is health, and metrics with few labels")
    void healthAndMetrics() {
        try (RunningApplication application = RunningApplication.start(
                Stack.MVC,
                context -> context.registerBean(MeterRegistry.class, () -> new SimpleMeterRegistry()),
                StreamsApplication.class,
                RunningApplication.OPEN)) {
            EventSourceServer events = application.bean(EventSourceServer.class);
            MeterRegistry registry = application.bean(MeterRegistry.class);
            HealthIndicator health = application.context().getBean("eventSourceHealthIndicator", HealthIndicator.class);
            try (TestClient client =
                    TestClient.get(application.port(), "/server").open()) {
                events.emit("one");
                assertEquals("one", client.next().data());
                assertEquals(1, registry.get("sse.connections").gauge().value());
                assertEquals(
                        1,
                        registry.get("sse.connections.opened").functionCounter().count());
                assertEquals(
                        1,
                        registry.get("sse.events.published").functionCounter().count());
                assertEquals(
                        1, registry.get("sse.events.sent").functionCounter().count());
                assertEquals(
                        1,
                        registry.get("sse.resume")
                                .tag("outcome", "live")
                                .functionCounter()
                                .count());
                assertEquals(Status.UP, health.health().getStatus());
            }
            events.stop().toCompletableFuture().join();
            assertEquals(Status.OUT_OF_SERVICE, health.health().getStatus());
            double ended = registry.get("sse.connections.closed").functionCounters().stream()
                    .mapToDouble(counter -> counter.count())
                    .sum();
            assertEquals(1, ended);
            long meters = registry.getMeters().stream()
                    .map(Meter::getId)
                    .filter(id -> id.getName().startsWith("sse."))
                    .count();
            assertTrue(meters < 30, "labels have few values, so there are few meters: " + meters);
        }
    }
}
