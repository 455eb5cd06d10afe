package eventsource.server.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.parser.TestClient;
import eventsource.server.spring.RunningApplication.Stack;
import eventsource.server.spring.StreamsApplication.Asked;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;

@DisplayName("Streams of publishers")
@Timeout(120)
class PublishedStreamsTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    @ParameterizedTest
    @EnumSource(Stack.class)
    @DisplayName("are as many as the property says; who comes then is told to come later, and nothing is subscribed to")
    void bounded(Stack stack) {
        try (RunningApplication application = RunningApplication.start(
                        stack,
                        context -> {},
                        StreamsApplication.class,
                        RunningApplication.OPEN,
                        "eventsource.max-streams=1",
                        "eventsource.overload=status");
                TestClient first = open(application, "/silent")) {
            assertEquals(200, first.status());
            try (TestClient second = open(application, "/silent");
                    TestClient other = open(application, "/topics/a")) {
                assertEquals(503, second.status());
                assertTrue(second.header("Retry-After").isPresent());
                assertEquals(200, other.status(), "of the application's server there may be one, too");
            }
            assertEquals(1, application.bean(Asked.class).subscriptions().get());
        }
    }

    private static TestClient open(RunningApplication application, String path) {
        return TestClient.get(application.port(), path)
                .header("Accept-Encoding", "gzip")
                .timeout(SOON)
                .open();
    }

    @Test
    @DisplayName("are not compressed by Reactor Netty, wherever that was set")
    void notCompressed() {
        try (RunningApplication application = RunningApplication.start(
                        Stack.WEBFLUX,
                        context -> context.registerBean(
                                NettyServerCustomizer.class, () -> server -> server.compress(true)),
                        StreamsApplication.class,
                        RunningApplication.OPEN);
                TestClient plain = open(application, "/plain");
                TestClient client = open(application, "/flux")) {
            assertEquals(Optional.of("gzip"), plain.header("Content-Encoding"), "it is set");
            assertEquals(200, client.status());
            assertEquals(Optional.empty(), client.header("Content-Encoding"));
            assertEquals("event 1", client.next().data());
        }
    }
}
