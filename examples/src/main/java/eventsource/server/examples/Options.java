package eventsource.server.examples;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What the command line says. */
record Options(String example, Supplier<Example> program, int port, String server, Host host) {

    private static final int DEFAULT_PORT = 7798;
    private static final String DEFAULT_SERVER = "netty";

    /** Hosts that have to be built first, for which {@code examples/run} sees to it. */
    private static final String OTHERS = System.getProperty("examples.hosts", "");

    /**
     * Reads the arguments.
     *
     * @throws IllegalArgumentException if they cannot be meant; the message says what exists
     */
    static Options of(String[] args, Map<String, Supplier<Example>> examples, Map<String, Host> hosts) {
        String usage = "usage: examples/run NAME [--port P] [--server S]\n  examples: "
                + String.join(", ", examples.keySet())
                + "\n  servers:  " + String.join(", ", names(hosts)) + " (default " + DEFAULT_SERVER + ")"
                + "\n  port:     1 to 65535 (default " + DEFAULT_PORT + ")";
        String example = args.length == 0 ? "" : args[0];
        String server = DEFAULT_SERVER;
        int port = DEFAULT_PORT;
        for (int i = 1; i < args.length; i += 2) {
            String value = i + 1 < args.length ? args[i + 1] : "";
            switch (args[i]) {
                case "--port" -> port = port(value, usage);
                case "--server" -> server = value;
                default -> throw new IllegalArgumentException("there is no option " + args[i] + "\n" + usage);
            }
        }
        Supplier<Example> program = examples.get(example);
        Host host = hosts.get(server);
        if (program == null) {
            String wrong = example.isEmpty() ? "which example?" : "there is no example " + example;
            throw new IllegalArgumentException(wrong + "\n" + usage);
        }
        if (host == null) {
            throw new IllegalArgumentException("there is no server \"" + server + "\"\n" + usage);
        }
        return new Options(example, program, port, server, host);
    }

    private static Set<String> names(Map<String, Host> hosts) {
        Set<String> names = new TreeSet<>(hosts.keySet());
        OTHERS.lines()
                .flatMap(line -> Stream.of(line.split(" ")))
                .filter(name -> !name.isEmpty())
                .forEach(names::add);
        return names;
    }

    private static int port(String value, String usage) {
        try {
            int port = Integer.parseInt(value);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException notANumber) {
            // said below, as for a number that is no port
        }
        throw new IllegalArgumentException("\"" + value + "\" is not a port\n" + usage);
    }
}
