package eventsource.server.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import eventsource.server.parser.TestClient;
import eventsource.server.spring.RunningApplication.Stack;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Behind a proxy whose headers the web server believes")
@Timeout(120)
class ForwardedTest {

    @ParameterizedTest
    @EnumSource(Stack.class)
    @DisplayName("streams are served, and the host check is about the connection, not about what a client says of it")
    void forwarded(Stack stack) {
        try (RunningApplication application = RunningApplication.start(
                stack,
                context -> {},
                StreamsApplication.class,
                RunningApplication.OPEN,
                "server.forward-headers-strategy=native")) {
            for (String said : new String[] {"localhost", "203.0.113.1"}) {
                try (TestClient known = TestClient.get(application.port(), "/server")
                                .header("X-Forwarded-Host", said)
                                .open();
                        TestClient foreign = TestClient.get(application.port(), "/server")
                                .header("X-Forwarded-Host", said)
                                .header("Host", "evil.example")
                                .open()) {
                    assertEquals(200, known.status(), said);
                    assertEquals(421, foreign.status(), said);
                }
            }
            try (TestClient unresolved = TestClient.get(application.port(), "/server")
                    .header("X-Forwarded-Host", "www.example.invalid")
                    .open()) {
                assertEquals(200, unresolved.status());
            }
        }
    }
}
