package eventsource.server.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintStream;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The fault proxy of the command line")
@Timeout(300)
class FaultProxyCommandTest {

    private static final Pattern LISTENING = Pattern.compile("127\\.0\\.0\\.1:([0-9]+) is passed on to ");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(BufferedReader in, String... args) {
        return new FaultProxyCommand(
                        in,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(args);
    }

    private int run(String commands, String... args) {
        return run(new BufferedReader(new StringReader(commands)), args);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    @DisplayName("passes on, with the faults of its arguments, obeys line by line, and quits when it is told to")
    void obeys() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
                PipedWriter commands = new PipedWriter()) {
            BufferedReader in = new BufferedReader(new PipedReader(commands));
            String to = Integer.toString(listener.getLocalPort());
            CompletableFuture<Integer> status = CompletableFuture.supplyAsync(
                    () -> run(in, "--to", to, "--seed", "7", "--buffer", "8k", "--slice", "to-client", "2", "60m"));
            Proxied.await(
                    "it says where it listens", () -> LISTENING.matcher(out()).find());
            Matcher listening = LISTENING.matcher(out());
            assertTrue(listening.find());
            int port = Integer.parseInt(listening.group(1));
            try (Socket client = new Socket(listener.getInetAddress(), port);
                    Socket server = listener.accept()) {
                client.setSoTimeout(60_000);
                server.setSoTimeout(60_000);
                server.getOutputStream().write("abcd".getBytes(StandardCharsets.US_ASCII));
                client.getInputStream().readNBytes(2);
                client.getOutputStream().write("abcd".getBytes(StandardCharsets.US_ASCII));
                server.getInputStream().readNBytes(4);
                commands.write("counts\n");
                Proxied.await(
                        "it counts",
                        () -> out().contains("1 connections, 1 open; to-server 4 bytes, 0 lost; "
                                + "to-client 2 bytes, 0 lost"));
                commands.write("  slice   off to-client \n\n");
                assertEquals(2, client.getInputStream().readNBytes(2).length);
                commands.write("nonsense\nquit\n");
                assertEquals(0, status.get(60, TimeUnit.SECONDS));
                assertTrue(err().startsWith("there is no command \"nonsense\"; there are latency, jitter, "), err());
            }
        }
    }

    @Test
    @DisplayName("understands all it explains")
    void understands() {
        String commands = """
                latency 50ms
                latency to-server 1s
                jitter 20ms to-client
                bandwidth 10k
                slice 7
                slice 7 10ms
                hold to-client
                black-hole to-server to-client
                half-open
                pass
                cut
                cut-after 1m
                cut-after off
                refuse
                accept
                heal
                help
                counts
                quit
                """;
        assertEquals(0, run(commands, "--to", "localhost:7", "--listen", "0", "--latency", "1m", "--refuse"));
        assertEquals("", err());
        for (FaultCommand command : FaultCommand.values()) {
            assertTrue(commands.contains(command.word()), command.word());
            assertTrue(out().contains(command.usage()), command.usage());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            latency                | latency: a value is missing (latency [DIRECTION] TIME)
            latency 5              | latency: "5" is no time: write 50ms, 2s, 1m or off (latency [DIRECTION] TIME)
            latency 5ms up         | latency: there is a value too many: up (latency [DIRECTION] TIME)
            latency 999999999m     | the latency has to be between zero, which is none, and 365 days
            bandwidth 5x           | bandwidth: "5x" is no number of bytes: write 500, 10k, 1m or off
            slice                  | slice: say how large the slices are, and for how long nothing follows one
            hold up                | hold: "up" is no direction: to-server, to-client, or none for both
            cut now                | cut: nothing may follow it (cut)
            cut-after to-client 5  | cut-after: leave the direction out: what counts is what goes to clients
            """)
    @DisplayName("says what to change in a command, and goes on")
    void wrongCommands(String command, String message) {
        assertEquals(0, run(command + "\nquit\n", "--to", "7"));
        assertTrue(err().contains(message), err());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --listen 0             | where to? --to PORT is missing
            --to                   | --to needs one value, and has 0
            --to 7 --seed x        | "x" is no seed: write a number from 0
            --to 70000             | "70000" is no port: write a number from 1 to 65535
            --to [x:7              | --to: there is no host "[x"
            7798                   | "7798" belongs to no option
            --to 7 --latency       | latency: a value is missing
            --to 7 --quit          | there is no command "quit"
            """)
    @DisplayName("says what to change in its arguments")
    void wrongArguments(String args, String message) {
        assertEquals(2, run("", args.split(" ")));
        assertTrue(err().contains(message), err());
        assertTrue(err().contains("--help"), err());
    }

    @Test
    @DisplayName("shows what there is when it is asked, and when it is given nothing to do")
    void usage() {
        assertEquals(0, run("", "--to", "7", "--help"));
        assertTrue(out().startsWith("usage: testkit/fault-proxy --to PORT"), out());
        assertEquals(2, run(""));
        assertEquals(out(), err());
    }

    @Test
    @DisplayName("says so when its port is taken")
    void portTaken() {
        try (FaultProxy other = FaultProxy.to(7)) {
            assertEquals(1, run("", "--to", "7", "--listen", Integer.toString(other.port())));
            assertTrue(err().contains("port " + other.port()) && err().contains("--listen"), err());
        }
    }

    @Test
    @DisplayName("stays when its commands end")
    void stays() throws Exception {
        Thread thread = new Thread(() -> run("latency 1ms", "--to", "7"));
        thread.start();
        Proxied.await("it listens", () -> LISTENING.matcher(out()).find());
        thread.join(500);
        assertTrue(thread.isAlive());
        thread.interrupt();
        thread.join(Proxied.SOON.toMillis());
        assertEquals(List.of(false, ""), List.of(thread.isAlive(), err()));
    }

    @Test
    @DisplayName("knows units of time and size")
    void units() {
        assertEquals(List.of(0L, 500L, 10_240L, 1_048_576L), sizes("off", "500", "10k", "1m"));
        assertEquals(Duration.ZERO, FaultCommand.time("off"));
        assertEquals(Duration.ofMillis(50), FaultCommand.time("50ms"));
        assertEquals(Duration.ofSeconds(2), FaultCommand.time("2s"));
        assertEquals(Duration.ofMinutes(3), FaultCommand.time("3m"));
    }

    private static List<Long> sizes(String... words) {
        return Stream.of(words).map(FaultCommand::size).toList();
    }
}
