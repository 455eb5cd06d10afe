package eventsource.server.examples.amqp;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * A node of RabbitMQ of its own: everything it has is in a directory, it listens on the loopback address only, and it
 * has nothing to do with another node on the machine. What it was given outlives its process.
 */
final class RabbitNode {

    private static final Path PROGRAMS = Path.of(System.getProperty("rabbitmq.programs", "/usr/lib/rabbitmq/bin"));
    private static final long PATIENCE_SECONDS = 90;

    private final Path directory;
    private final Map<String, String> environment;
    private final int port = freePort();
    private Process process;

    RabbitNode(Path directory) throws IOException {
        this.directory = directory;
        int distribution = freePort();
        int names = freePort();
        Path configuration = directory.resolve("rabbitmq.conf");
        Files.writeString(configuration, "listeners.tcp.local = 127.0.0.1:" + port + "\n");
        Files.writeString(directory.resolve("enabled_plugins"), "[].\n");
        environment = Map.ofEntries(
                Map.entry("HOME", directory.toString()),
                Map.entry("RABBITMQ_NODENAME", "suite" + port + "@localhost"),
                Map.entry("RABBITMQ_MNESIA_BASE", directory.resolve("data").toString()),
                Map.entry("RABBITMQ_LOG_BASE", directory.resolve("log").toString()),
                Map.entry("RABBITMQ_CONFIG_FILE", configuration.toString()),
                Map.entry(
                        "RABBITMQ_ENABLED_PLUGINS_FILE",
                        directory.resolve("enabled_plugins").toString()),
                Map.entry("RABBITMQ_PID_FILE", directory.resolve("pid").toString()),
                Map.entry("RABBITMQ_DIST_PORT", Integer.toString(distribution)),
                Map.entry("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}"),
                Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
                Map.entry("ERL_EPMD_PORT", Integer.toString(names)));
    }

    private static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                // another one is not
            }
        }
    }

    String uri() {
        return "amqp://guest:guest@127.0.0.1:" + port;
    }

    ConnectionFactory factory() {
        return Broker.factory(uri());
    }

    private Process launch(String program, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder();
        builder.command().add(PROGRAMS.resolve(program).toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().putAll(environment);
        return builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve(program + ".out").toFile()))
                .start();
    }

    /** Starts it, and waits until it can be connected to. */
    void start() throws Exception {
        process = launch("rabbitmq-server");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() - end > 0) {
                throw new AssertionError(
                        "RabbitMQ did not start:\n" + Files.readString(directory.resolve("rabbitmq-server.out")));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private boolean answers() {
        ConnectionFactory factory = factory();
        factory.setAutomaticRecoveryEnabled(false);
        try (Connection connection = factory.newConnection()) {
            return connection.isOpen();
        } catch (IOException | TimeoutException notYet) {
            return false;
        }
    }

    /** Has it end as an operator does. */
    void stop() throws Exception {
        Process stopping =
                launch("rabbitmqctl", "stop", directory.resolve("pid").toString());
        awaitSuccess(stopping);
        awaitEnd(process, "the node");
    }

    /** Takes it away in the middle of whatever it does. */
    void kill() throws Exception {
        long pid = Long.parseLong(Files.readString(directory.resolve("pid")).strip());
        ProcessHandle erlang = ProcessHandle.of(pid).orElseThrow();
        erlang.destroyForcibly();
        erlang.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        awaitEnd(process, "the node");
    }

    /** Has it close all connections, as an operator can. */
    void closeConnections() throws Exception {
        awaitSuccess(launch("rabbitmqctl", "close_all_connections", "--global", "on purpose"));
    }

    private void awaitSuccess(Process command) throws Exception {
        awaitEnd(command, "rabbitmqctl");
        if (command.exitValue() != 0) {
            throw new AssertionError(Files.readString(directory.resolve("rabbitmqctl.out")));
        }
    }

    private static void awaitEnd(Process ending, String what) throws InterruptedException {
        if (!ending.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            ending.destroyForcibly();
            throw new AssertionError(what + " does not end");
        }
    }

    /** Stops it, and whatever came with it. */
    void close() throws Exception {
        if (process != null && process.isAlive()) {
            stop();
        }
        // The daemon in which nodes find each other was started with the first one, and would stay.
        ProcessBuilder names = new ProcessBuilder("epmd", "-kill");
        names.environment().putAll(environment);
        names.redirectErrorStream(true)
                .redirectOutput(directory.resolve("epmd.out").toFile())
                .start()
                .waitFor();
    }
}
