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
    static Options of(String[] args, Map<String, Program> examples, Map<String, Host> hosts) {
        String usage = usage(examples, hosts);
        String example = args.length == 0 ? "" : args[0];
        Program program = examples.get(example);
        if (program == null) {
            String wrong = example.isEmpty() ? "which example?" : "there is no example " + example;
            throw new IllegalArgumentException(wrong + "\n" + usage);
        }
        String server = DEFAULT_SERVER;
        String own = "";
        int port = DEFAULT_PORT;
        for (int i = 1; i < args.length; i += 2) {
            String value = i + 1 < args.length ? args[i + 1] : "";
            if (args[i].equals("--port")) {
                port = port(value, usage);
            } else if (args[i].equals("--server")) {
                server = value;
            } else if (args[i].equals(program.option())) {
                own = value;
            } else {
                throw new IllegalArgumentException(example + " has no option " + args[i] + "\n" + usage);
            }
        }
        Host host = hosts.get(server);
        if (host == null) {
            throw new IllegalArgumentException("there is no server \"" + server + "\"\n" + usage);
        }
        if (own.isEmpty() && program.isNeeded()) {
            throw new IllegalArgumentException(example + " needs " + program.option() + "\n" + usage);
        }
        String value = own;
        return new Options(example, () -> program.make().apply(value), port, server, host);
    }

    private static String usage(Map<String, Program> examples, Map<String, Host> hosts) {
        return "usage: examples/run NAME [--port P] [--server S]\n  examples: "
                + String.join(", ", examples.keySet())
                + "\n  servers:  " + String.join(", ", names(hosts)) + " (default " + DEFAULT_SERVER + ")"
                + "\n  port:     1 to 65535 (default " + DEFAULT_PORT + ")"
                + "\n  tail needs --file F"
                + "\n  with RabbitMQ: amqp [--uri U], and amqp-send TEXT [--uri U]";
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
