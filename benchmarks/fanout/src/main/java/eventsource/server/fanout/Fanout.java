package eventsource.server.fanout;

import eventsource.server.benchmarks.Raw;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs scenarios against contestants, in turns, and writes what was measured. Started by {@code benchmarks/fanout/run}. */
public final class Fanout {

    /** The heap is in memory from the start, so that what a process grows by lies outside of it. */
    private static final List<String> FLAGS = List.of("-XX:+UseG1GC", "-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch");

    private static final int OTHER_DESCRIPTORS = 500;

    private Fanout() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Path home = Path.of(args[0]);
        Options options;
        try {
            options = Options.parse(List.of(args).subList(1, args.length));
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.exit(2);
            return;
        }
        List<Contestant> built = Contestant.built(home);
        for (Scenario scenario : options.scenarios()) {
            requireDescriptors(scenario);
            Path raw = options.raw() != null ? options.raw() : options.isWhole() ? home.resolve("results/raw") : null;
            try (Raw file = new Raw(scenario.name(), raw)) {
                file.line("# flags: " + String.join(" ", FLAGS));
                run(
                        scenario,
                        built.stream()
                                .filter(contestant -> scenario.contestants().contains(contestant.name()))
                                .toList(),
                        file,
                        options.profiles());
            }
        }
    }

    /** In turns, and each round begins with another one. */
    private static void run(Scenario scenario, List<Contestant> contestants, Raw raw, @Nullable Path profiles)
            throws InterruptedException {
        for (int round = 1; round <= scenario.rounds(); round++) {
            for (int turn = 0; turn < contestants.size(); turn++) {
                Contestant contestant = contestants.get((turn + round - 1) % contestants.size());
                if (scenario.kind() == Scenario.Kind.STALLED_OR_NOT) {
                    raw.line(Round.run(scenario, contestant, FLAGS, round, false, null));
                }
                Path profile = profile(profiles, scenario, contestant);
                for (Scenario part : scenario.parts()) {
                    raw.line(Round.run(part, contestant, FLAGS, round, part.isStalled(), profile));
                }
            }
        }
    }

    private static @Nullable Path profile(@Nullable Path directory, Scenario scenario, Contestant contestant) {
        return directory == null ? null : directory.resolve(scenario.name() + "-" + contestant.name() + ".jfr");
    }

    private static void requireDescriptors(Scenario scenario) throws IOException {
        try (var limits = Files.lines(Path.of("/proc/self/limits"))) {
            String most = limits.filter(line -> line.startsWith("Max open files"))
                    .map(line -> line.split("\\s+", -1)[3])
                    .findFirst()
                    .orElse("unlimited");
            if (!most.equals("unlimited") && Long.parseLong(most) < scenario.streams() + OTHER_DESCRIPTORS) {
                throw new IOException(scenario.name() + " needs " + (scenario.streams() + OTHER_DESCRIPTORS)
                        + " descriptors per process, and " + most + " are allowed; raise the limit (ulimit -n), or"
                        + " choose fewer with --streams");
            }
        }
    }
}
