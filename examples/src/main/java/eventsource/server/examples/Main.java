package eventsource.server.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** Starts an example: {@code NAME [--port P] [--server S]}, and what else the example needs. */
final class Main {

    private static final Map<String, Program> EXAMPLES = new TreeMap<>(Map.of(
            "tick", Program.of(Tick::new),
            "json", Program.of(Json::new),
            "broadcast", Program.of(Broadcast::new),
            "notifications", Program.of(Notifications::new),
            "tokens", Program.of(Tokens::new),
            "prices", Program.of(Prices::new),
            "pipe", Program.of(Pipe::new),
            "tail", Program.needing("--file", Tail::new)));

    private Main() {}

    public static void main(String[] args) {
        int status = start(args, System.out, System.err);
        if (status != 0) {
            System.exit(status);
        }
    }

    private static Map<String, Program> examples() {
        Map<String, Program> all = new TreeMap<>(EXAMPLES);
        ServiceLoader.load(ExampleModule.class).forEach(module -> all.put(module.name(), module.program()));
        return all;
    }

    /** Starts what the arguments say. Gives the status to exit with, or 0 if a server is running now. */
    private static int start(String[] args, PrintStream out, PrintStream err) {
        try {
            Options options = Options.of(args, examples(), Host.all());
            Site site = options.program().get().start();
            Runnable end = options.host().serve(site, options.port());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(site, end)));
            out.println(options.example() + " is served at http://127.0.0.1:" + options.port() + "/ by the server "
                    + options.server() + "; Ctrl-C ends it");
            return 0;
        } catch (IllegalArgumentException wrong) {
            err.println(wrong.getMessage());
            return 2;
        } catch (BindException taken) {
            err.println("the port is taken or not allowed; choose another with --port");
            return 1;
        } catch (IOException failed) {
            err.println("the server could not be started: " + failed.getMessage());
            return 1;
        }
    }

    /** Streams first, so that each ends at the end of an event; then the server under them. */
    private static void stop(Site site, Runnable end) {
        site.stop();
        end.run();
    }
}
