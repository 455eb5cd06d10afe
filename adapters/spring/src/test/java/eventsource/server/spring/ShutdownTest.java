package eventsource.server.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import eventsource.server.parser.TestClient;
import eventsource.server.spring.RunningApplication.Stack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A Spring Boot application that is stopped gracefully")
@Timeout(180)
class ShutdownTest {

    private static final int STREAMS = 1_000;

    /** Well below the 30 seconds for which a graceful shutdown waits for requests; on an idle machine it is some 100 ms. */
    private static final Duration BOUND = Duration.ofSeconds(10);

    @ParameterizedTest
    @EnumSource(Stack.class)
    @DisplayName("ends a thousand streams properly before the web server waits for them, whoever has opened them")
    void endsStreams(Stack stack, TestReporter report) {
        RunningApplication application = RunningApplication.start(
                stack,
                context -> {},
                StreamsApplication.class,
                RunningApplication.OPEN,
                "server.shutdown=graceful",
                "server.tomcat.max-connections=2000");
        List<TestClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < STREAMS; i++) {
                String path = i % 10 == 0 ? "/silent" : i % 10 == 1 ? "/opened" : "/topics/a";
                TestClient client = TestClient.get(application.port(), path)
                        .timeout(Duration.ofSeconds(30))
                        .open();
                assertEquals(200, client.status());
                clients.add(client);
            }
            EventSourceServer events = application.bean(EventSourceServer.class);
            events.emit("last");
            long start = System.nanoTime();
            application.close();
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            report.publishEntry(stack + ", milliseconds from the stop to the end", Long.toString(took.toMillis()));
            assertTrue(took.compareTo(BOUND) < 0, () -> "took " + took);
            for (TestClient client : clients) {
                assertEquals(TestClient.End.CLEAN, client.awaitEnd(BOUND));
            }
        } finally {
            clients.forEach(TestClient::close);
            application.close();
        }
    }
}
