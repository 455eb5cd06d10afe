package eventsource.server.fanout;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is to be run.
 *
 * @param scenarios which, already changed as options say
 * @param raw where raw results go if they are to go anywhere else than usual
 * @param profiles where recordings go, if any are to be made
 * @param isWhole whether nothing was left out or changed, so that the results may stand for the scenario
 */
record Options(
        List<Scenario> scenarios,
        @Nullable Path raw,
        @Nullable Path profiles,
        boolean isWhole) {

    static Options parse(List<String> arguments) {
        List<Scenario> scenarios = new ArrayList<>();
        Path raw = null;
        Path profiles = null;
        UnaryOperator<Scenario> change = scenario -> scenario;
        boolean whole = true;
        for (int i = 0; i < arguments.size(); i++) {
            String option = arguments.get(i);
            if (!option.startsWith("--")) {
                scenarios.add(scenario(option));
                continue;
            }
            if (++i == arguments.size()) {
                throw new IllegalArgumentException("no value after " + option);
            }
            String value = arguments.get(i);
            switch (option) {
                case "--raw" -> raw = Path.of(value);
                case "--profile" -> profiles = Path.of(value);
                case "--only" -> {
                    List<String> only = contestants(value);
                    UnaryOperator<Scenario> before = change;
                    change = scenario -> before.apply(scenario).of(only);
                }
                default -> {
                    UnaryOperator<Scenario> before = change;
                    change = scenario -> changed(before.apply(scenario), option, value);
                }
            }
            whole &= option.equals("--raw");
        }
        List<Scenario> chosen = scenarios.isEmpty() ? Scenario.ALL : scenarios;
        return new Options(chosen.stream().map(change).toList(), raw, profiles, whole);
    }

    private static Scenario scenario(String name) {
        return Scenario.ALL.stream()
                .filter(scenario -> scenario.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such scenario; choose from "
                        + Scenario.ALL.stream().map(Scenario::name).toList()));
    }

    private static List<String> contestants(String names) {
        List<String> only = List.of(names.split(",", -1));
        if (!Contestant.names().containsAll(only)) {
            throw new IllegalArgumentException("--only: no such contestant; choose from " + Contestant.names());
        }
        return only;
    }

    private static Scenario changed(Scenario was, String option, String value) {
        double number = number(option, value);
        return switch (option) {
            case "--rounds" -> was.with(was.streams(), was.warmSeconds(), was.seconds(), was.megabytes(), (int) number);
            case "--streams" -> was.with((int) number, was.warmSeconds(), was.seconds(), was.megabytes(), was.rounds());
            case "--warm" -> was.with(was.streams(), number, was.seconds(), was.megabytes(), was.rounds());
            case "--seconds" -> was.with(was.streams(), was.warmSeconds(), number, was.megabytes(), was.rounds());
            case "--megabytes" ->
                was.megabytes() > 0
                        ? was.with(was.streams(), was.warmSeconds(), was.seconds(), (int) number, was.rounds())
                        : was;
            default -> throw new IllegalArgumentException("no such option: " + option);
        };
    }

    private static double number(String option, String value) {
        try {
            double number = Double.parseDouble(value);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException noNumber) {
            // said below
        }
        throw new IllegalArgumentException(option + " needs a number above 0");
    }
}
