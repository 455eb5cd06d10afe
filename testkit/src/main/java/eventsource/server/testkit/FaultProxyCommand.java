package eventsource.server.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A {@link FaultProxy} of the command line, which is told its faults as arguments and then line by line. */
final class FaultProxyCommand {

    private static final String USAGE = """
            usage: testkit/fault-proxy --to PORT [--listen PORT] [--buffer SIZE] [--seed NUMBER] [--FAULT ...]

            Passes TCP connections on to a port of this machine (or, as HOST:PORT, of another), and does to them what
            networks do. A fault is an argument, such as --latency 50ms or --slice to-client 7, or a line of standard
            input, without the hyphens:

            %s
              counts                           shows how much has passed
              help                             shows this
              quit                             ends the proxy, as Ctrl-C does; the end of the input does not

              DIRECTION  to-server, to-client; both if there is none
              TIME       50ms, 2s, 1m; off
              SIZE       500, 10k, 1m; off

              --listen   a port of 127.0.0.1; any that is free if there is none
              --buffer   the size of all buffers, so that a side that waits is noticed soon
              --seed     where jitter begins
            """.formatted(FaultCommand.explanations());

    private final BufferedReader in;
    private final PrintStream out;
    private final PrintStream err;

    FaultProxyCommand(BufferedReader in, PrintStream out, PrintStream err) {
        this.in = in;
        this.out = out;
        this.err = err;
    }

    /**
     * Runs the command, to its end if it fails or is told to quit.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        int status = new FaultProxyCommand(in, System.out, System.err).run(args);
        if (status != 0) {
            System.exit(status);
        }
    }

    /** What the arguments say. */
    private static final class Options {
        private @Nullable InetSocketAddress to;
        private int listen;
        private int buffer;
        private long seed;
        private final List<Consumer<FaultProxy>> faults = new ArrayList<>();
    }

    /** Gives the status to exit with. */
    int run(String[] args) {
        if (args.length == 0 || List.of(args).contains("--help")) {
            (args.length == 0 ? err : out).print(USAGE);
            return args.length == 0 ? 2 : 0;
        }
        try {
            return run(options(args));
        } catch (IllegalArgumentException wrong) {
            err.println(wrong.getMessage());
            err.println("testkit/fault-proxy --help shows what there is");
            return 2;
        } catch (UncheckedIOException failed) {
            err.println(failed.getMessage() + "; choose another with --listen");
            return 1;
        }
    }

    private int run(Options options) {
        if (options.to == null) {
            throw new IllegalArgumentException("where to? --to PORT is missing");
        }
        try (FaultProxy proxy = FaultProxy.builder(options.to)
                .listen(options.listen)
                .buffer(options.buffer)
                .seed(options.seed)
                .start()) {
            options.faults.forEach(fault -> fault.accept(proxy));
            out.println("127.0.0.1:" + proxy.port() + " is passed on to "
                    + options.to.getAddress().getHostAddress() + ":" + options.to.getPort());
            out.flush();
            obey(proxy);
        }
        return 0;
    }

    /** Does what it is told until it is told to quit. */
    private void obey(FaultProxy proxy) {
        String line = read();
        while (line != null && !line.strip().equals("quit")) {
            obey(proxy, line.strip());
            out.flush();
            line = read();
        }
        if (line == null) {
            stay();
        }
    }

    private void obey(FaultProxy proxy, String line) {
        switch (line) {
            case "" -> {}
            case "help" -> out.print(USAGE);
            case "counts" -> out.println(counts(proxy));
            default -> {
                try {
                    FaultCommand.of(List.of(line.split("\\s+"))).accept(proxy);
                } catch (IllegalArgumentException | IllegalStateException wrong) {
                    err.println(wrong.getMessage());
                }
            }
        }
    }

    private static String counts(FaultProxy proxy) {
        StringBuilder counts = new StringBuilder();
        counts.append(proxy.connections())
                .append(" connections, ")
                .append(proxy.open())
                .append(" open");
        for (FaultProxy.Direction direction : FaultProxy.Direction.values()) {
            String name = direction == FaultProxy.Direction.TO_SERVER ? "to-server" : "to-client";
            counts.append("; ")
                    .append(name)
                    .append(' ')
                    .append(proxy.bytes(direction))
                    .append(" bytes, ");
            counts.append(proxy.lost(direction)).append(" lost");
        }
        return counts.toString();
    }

    private @Nullable String read() {
        try {
            return in.readLine();
        } catch (IOException ended) {
            return null;
        }
    }

    /** The input has ended, as it does for what was started in the background. */
    private static void stay() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private static Options options(String[] args) {
        Options options = new Options();
        int next = 0;
        while (next < args.length) {
            if (!args[next].startsWith("--")) {
                throw new IllegalArgumentException("\"" + args[next] + "\" belongs to no option");
            }
            List<String> words = new ArrayList<>();
            words.add(args[next++].substring(2));
            while (next < args.length && !args[next].startsWith("--")) {
                words.add(args[next++]);
            }
            apply(words, options);
        }
        return options;
    }

    private static void apply(List<String> words, Options options) {
        switch (words.get(0)) {
            case "to" -> options.to = address(value(words));
            case "listen" -> options.listen = (int) number(value(words), "port", 0, 65535);
            case "buffer" -> options.buffer = (int) Math.min(1 << 30, FaultCommand.size(value(words)));
            case "seed" -> options.seed = number(value(words), "seed", 0, Long.MAX_VALUE);
            default -> options.faults.add(FaultCommand.of(words));
        }
    }

    private static String value(List<String> words) {
        if (words.size() != 2) {
            throw new IllegalArgumentException("--" + words.get(0) + " needs one value, and has " + (words.size() - 1));
        }
        return words.get(1);
    }

    private static InetSocketAddress address(String value) {
        int colon = value.lastIndexOf(':');
        String host = colon < 0 ? "127.0.0.1" : value.substring(0, colon);
        int port = (int) number(value.substring(colon + 1), "port", 1, 65535);
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("--to: there is no host \"" + host + "\"");
        }
        return address;
    }

    private static long number(String value, String what, long smallest, long largest) {
        try {
            long number = Long.parseLong(value);
            if (number >= smallest && number <= largest) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // said below, as for a number that cannot be meant
        }
        throw new IllegalArgumentException(
                "\"" + value + "\" is no " + what + ": write a number from " + smallest + " to " + largest);
    }
}
