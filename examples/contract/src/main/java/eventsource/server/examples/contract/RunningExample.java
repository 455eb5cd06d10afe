package eventsource.server.examples.contract;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An example in a process of its own, as {@code examples/run} starts it after the build. */
public final class RunningExample implements AutoCloseable {

    private static final String MAIN = "eventsource.server.examples.Main";

    private final Process process;
    private final int port;
    private final List<String> output;

    private RunningExample(Process process, int port, List<String> output) {
        this.process = process;
        this.port = port;
        this.output = output;
    }

    /** What starts a program that heeds SIGINT, even if these tests were started in the background and so ignore it. */
    private static final List<String> HEEDING = List.of("env", "--default-signal=INT");

    private static boolean hasHeeding() throws IOException {
        List<String> command = new ArrayList<>(HEEDING);
        command.add("true");
        return new ProcessBuilder(command).start().onExit().join().exitValue() == 0;
    }

    public static Process process(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(hasHeeding() ? HEEDING : List.of());
        command.addAll(List.of(
                System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED", // as examples/run does
                "-cp",
                System.getProperty("java.class.path"),
                MAIN));
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Starts an example on a free port, with more arguments if it has any, and waits until it says that it serves. */
    public static RunningExample start(String name, String server, String... more) throws IOException {
        int port = freePort();
        List<String> arguments = new ArrayList<>(List.of(name, "--port", "" + port, "--server", server));
        arguments.addAll(List.of(more));
        Process process = process(arguments);
        var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        List<String> output = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            output.add(line);
            if (line.contains("is served at")) {
                return new RunningExample(process, port, output);
            }
        }
        throw new AssertionError("the example did not start: " + output);
    }

    /** A port on which nobody listens; none of those that systems choose by themselves, or another may have it until it is used. */
    private static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                // another one is not
            }
        }
    }

    public int port() {
        return port;
    }

    /** Writes to its standard input. */
    void write(String text) throws IOException {
        OutputStream input = process.getOutputStream();
        input.write(text.getBytes(StandardCharsets.UTF_8));
        input.flush();
    }

    /** Ends its standard input. */
    void endInput() throws IOException {
        process.getOutputStream().close();
    }

    /** What it has said before it served. */
    public List<String> output() {
        return output;
    }

    /** What Ctrl-C does. The kill is the shell's own: a bare Debian has no program of that name. */
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("sh", "-c", "kill -INT " + process.pid()).start().waitFor();
    }

    /** Waits for the end of the process. */
    int exitStatus() throws InterruptedException, TimeoutException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new TimeoutException("the example did not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
