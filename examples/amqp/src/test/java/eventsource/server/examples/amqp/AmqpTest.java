package eventsource.server.examples.amqp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.examples.contract.RunningExample;
import eventsource.server.parser.ParsedEvent;
import eventsource.server.parser.TestClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples as their users see them, with the broker that comes with them. */
@Timeout(240)
class AmqpTest {

    private record Ended(int status, String output) {}

    /** The example {@code amqp-send}, as {@code examples/run} starts it. */
    private static Ended send(String... arguments) throws IOException, InterruptedException {
        List<String> command = Stream.concat(
                        Stream.of(
                                System.getProperty("java.home") + "/bin/java",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Send.class.getName(),
                                "amqp-send"),
                        Stream.of(arguments))
                .toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    @ParameterizedTest
    @ValueSource(strings = {"netty", "jdk"})
    @DisplayName("Without a URI, a broker is started, and what is sent to it comes to the browser")
    void embedded(String server) throws Exception {
        try (RunningExample amqp = RunningExample.start("amqp", server)) {
            String said = String.join("\n", amqp.output());
            assertTrue(said.contains("a broker was started in this process: amqp://"), said);
            String uri = said.replaceAll("(?s).*(amqp://[^\\s]+:\\d+).*", "$1");
            try (TestClient client = TestClient.get(amqp.port(), "/").open();
                    TestClient page = TestClient.get(amqp.port(), "/")
                            .header("Accept", "text/html")
                            .open()) {
                assertTrue(page.bodyText().contains("[\"message\", \"redelivered\", \"gap\"]"));
                assertEquals(
                        new Ended(0, "sent, and the broker has it" + System.lineSeparator()),
                        send("hello\n€", "--uri", uri));
                ParsedEvent event = client.next();
                assertEquals("message", event.type());
                assertEquals("hello\n€", event.data());
                assertEquals(List.of(), client.parser().violations());
            }
        }
    }

    @Test
    @DisplayName("What cannot be sent is said in one line")
    void notSent() throws Exception {
        Ended nobody = send("text", "--uri", "amqp://127.0.0.1:1");
        assertEquals(1, nobody.status());
        assertTrue(nobody.output().startsWith("it could not be sent: "), nobody.output());
        assertEquals(1, nobody.output().lines().count(), nobody.output());
        for (List<String> wrong : List.of(
                List.<String>of(), List.of("two", "texts"), List.of("text", "--uri"), List.of("text", "--url", "x"))) {
            Ended ended = send(wrong.toArray(String[]::new));
            assertEquals(2, ended.status(), ended.output());
            assertTrue(ended.output().startsWith("usage: examples/run amqp-send TEXT"), ended.output());
        }
        Ended noUri = send("text", "--uri", "http://127.0.0.1/");
        assertEquals(2, noUri.status());
        assertTrue(noUri.output().startsWith("that is no URI of a broker"), noUri.output());
    }

    @Test
    @DisplayName("The example is listed with the others, and takes a URI")
    void listed() throws Exception {
        for (List<String> wrong : List.of(List.of("nope"), List.of("amqp", "--file", "x"))) {
            Process process = RunningExample.process(wrong);
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(2, process.waitFor());
            assertTrue(output.contains("examples: amqp, broadcast"), output);
        }
        Process process = RunningExample.process(List.of("amqp", "--uri", "nonsense"));
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(2, process.waitFor(), output);
        assertEquals(1, output.lines().count(), output);
    }
}
