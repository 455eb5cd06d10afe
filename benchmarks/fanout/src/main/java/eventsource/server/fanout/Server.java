package eventsource.server.fanout;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.jspecify.annotations.Nullable;

/** A contestant in a process of its own, and what the system says about that. */
final class Server implements AutoCloseable {

    private static final long START_NANOS = 60_000_000_000L;
    private static final double TICKS_PER_SECOND = 100; // what the kernel tells programs, whatever its own clock

    private final Process process;
    private final InetSocketAddress streams;
    private final InetSocketAddress emit;
    private final Path output;
    private @Nullable JMXConnector jmx;
    private @Nullable MBeanServerConnection threads;

    private Server(Process process, InetSocketAddress streams, InetSocketAddress emit, Path output) {
        this.process = process;
        this.streams = streams;
        this.emit = emit;
        this.output = output;
    }

    /** Starts a contestant, and waits until it can be connected to. */
    static Server start(Contestant contestant, List<String> flags) throws IOException, InterruptedException {
        InetSocketAddress streams = freePort();
        InetSocketAddress emit = contestant.ports() == 1 ? streams : freePort();
        List<String> command = new ArrayList<>();
        command.add(tool("java"));
        command.addAll(flags);
        command.addAll(contestant.flags());
        command.addAll(List.of("-cp", contestant.classPath(), contestant.program()));
        command.add(Integer.toString(streams.getPort()));
        command.add(Integer.toString(emit.getPort()));
        Path output = Files.createTempFile("fanout-" + contestant.name(), ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        Server server = new Server(process, streams, emit, output);
        long until = System.nanoTime() + START_NANOS;
        while (!accepts(streams) || !accepts(emit)) {
            if (!process.isAlive() || System.nanoTime() > until) {
                String said = Files.readString(output);
                server.close();
                throw new IOException(contestant.name() + " did not start:\n" + said);
            }
            process.waitFor(50, TimeUnit.MILLISECONDS);
        }
        return server;
    }

    /**
     * None of those that systems choose by themselves: another may have such a one until it is used, and who connects to it before
     * may be given it for his own end, and so reach himself.
     */
    private static InetSocketAddress freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return new InetSocketAddress(free.getInetAddress(), port);
            } catch (IOException taken) {
                // another one is not
            }
        }
    }

    private static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    private static boolean accepts(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, 1000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    InetSocketAddress streams() {
        return streams;
    }

    /** Where events are posted to. */
    InetSocketAddress emit() {
        return emit;
    }

    /** The processor time that it has used. */
    Cpu cpu() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1); // from the third on
        return new Cpu(Long.parseLong(fields[11]) / TICKS_PER_SECOND, Long.parseLong(fields[12]) / TICKS_PER_SECOND);
    }

    /**
     * Processor time, in seconds.
     *
     * @param user in user mode
     * @param system in the kernel
     */
    record Cpu(double user, double system) {
        Cpu since(Cpu before) {
            return new Cpu(user - before.user, system - before.system);
        }
    }

    /** How much of its memory is in the machine's, in bytes. */
    long residentBytes() throws IOException {
        return 1024 * status("VmRSS:");
    }

    /** How many threads of the system it has. */
    long threads() throws IOException {
        return status("Threads:");
    }

    private long status(String name) throws IOException {
        try (var lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        }
    }

    /**
     * Asks it to end, as SIGTERM does.
     *
     * @return when it has, as told by {@link System#nanoTime}
     */
    CompletableFuture<Long> end() {
        process.destroy();
        return process.onExit().thenApply(exited -> System.nanoTime());
    }

    /** All living objects, after a full garbage collection, in bytes. */
    long heapBytes() throws IOException, InterruptedException {
        String said = jcmd("GC.class_histogram");
        String[] words =
                said.substring(Math.max(0, said.lastIndexOf("Total"))).trim().split("\\s+", -1);
        if (words.length < 3 || !words[0].equals("Total")) {
            throw new IOException("jcmd gave no histogram:\n" + said);
        }
        return Long.parseLong(words[2]);
    }

    private String jcmd(String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(tool("jcmd"), Long.toString(process.pid())));
        all.addAll(List.of(command));
        Process jcmd = new ProcessBuilder(all).redirectErrorStream(true).start();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (jcmd.waitFor() != 0) {
            throw new IOException("jcmd failed:\n" + said);
        }
        return said;
    }

    /** Begins to record where it spends its processor time and what it allocates. */
    void startRecording() throws IOException, InterruptedException {
        jcmd("JFR.start", "name=fanout", "settings=profile", "jdk.CPUTimeSample#enabled=true");
    }

    /** Writes what was recorded to a file. */
    void stopRecording(Path file) throws IOException, InterruptedException {
        jcmd("JFR.stop", "name=fanout", "filename=" + file.toAbsolutePath());
    }

    /**
     * What its threads have allocated since it began, in bytes. The first time, the process begins to listen for such
     * questions.
     *
     * @return nothing if its JDK does not know, or the program refuses to be asked: some accept no serialized objects
     */
    @SuppressWarnings("BanJNDI") // what is connected to is the process that was started here
    OptionalLong allocatedBytes() {
        try {
            if (threads == null) {
                VirtualMachine machine = VirtualMachine.attach(Long.toString(process.pid()));
                String address = machine.startLocalManagementAgent();
                machine.detach();
                jmx = JMXConnectorFactory.connect(new JMXServiceURL(address));
                threads = jmx.getMBeanServerConnection();
            }
            return OptionalLong.of((Long)
                    threads.getAttribute(new ObjectName("java.lang:type=Threading"), "TotalThreadAllocatedBytes"));
        } catch (IOException | AttachNotSupportedException | JMException untold) {
            return OptionalLong.empty();
        }
    }

    /** It is not asked to end: how it would is measured elsewhere, if at all. */
    @Override
    public void close() throws IOException {
        if (jmx != null) {
            jmx.close();
        }
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(output);
    }
}
