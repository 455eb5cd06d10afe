package eventsource.server.testkit;

import eventsource.server.testkit.FaultProxy.Direction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a {@link FaultProxy} can be told in words: a name, directions, and values. */
enum FaultCommand {
    LATENCY("TIME", "delays everything"),
    JITTER("TIME", "delays at random, by up to so much more"),
    BANDWIDTH("SIZE", "the most bytes a second on each connection"),
    SLICE("SIZE [TIME]", "passes on pieces of so many bytes, with a pause after each"),
    HOLD("", "takes nothing and passes nothing, until pass"),
    BLACK_HOLE("", "throws everything away, until pass"),
    HALF_OPEN("", "does not pass on that a side has gone, until pass"),
    PASS("", "takes hold, black-hole and half-open back"),
    CUT("", "resets all connections"),
    CUT_AFTER("SIZE", "resets all connections once, after so many more bytes to clients"),
    REFUSE("", "refuses new connections"),
    ACCEPT("", "accepts new connections again"),
    HEAL("", "takes all faults back");

    /** What is done in some directions. */
    interface Where {
        void at(FaultProxy proxy, Direction... directions);
    }

    private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(ms|s|m)");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})([km]?)");

    private final String values;
    private final String explanation;

    FaultCommand(String values, String explanation) {
        this.values = values;
        this.explanation = explanation;
    }

    /**
     * Reads a command.
     *
     * @param words its name first
     * @throws IllegalArgumentException if it cannot be meant; the message says what to change
     */
    static Consumer<FaultProxy> of(List<String> words) {
        FaultCommand command = named(words.get(0));
        try {
            return command.toDo(new Words(words.subList(1, words.size())));
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(
                    command.word() + ": " + wrong.getMessage() + " (" + command.usage() + ")", wrong);
        }
    }

    private Consumer<FaultProxy> toDo(Words words) {
        return switch (this) {
            case LATENCY -> words.latency();
            case JITTER -> words.jitter();
            case BANDWIDTH -> words.bandwidth();
            case SLICE -> words.slice();
            case HOLD -> words.where(FaultProxy::hold);
            case BLACK_HOLE -> words.where(FaultProxy::blackHole);
            case HALF_OPEN -> words.where(FaultProxy::halfOpen);
            case PASS -> words.where(FaultProxy::pass);
            case CUT -> words.whole(FaultProxy::cut);
            case CUT_AFTER -> words.cutAfter();
            case REFUSE -> words.whole(FaultProxy::refuse);
            case ACCEPT -> words.whole(FaultProxy::accept);
            case HEAL -> words.whole(FaultProxy::heal);
        };
    }

    private static FaultCommand named(String name) {
        return Stream.of(values())
                .filter(command -> command.word().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no command \"" + name + "\"; there are "
                        + Stream.of(values()).map(FaultCommand::word).collect(Collectors.joining(", "))));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** How it is written. */
    String usage() {
        boolean whole = this == CUT || this == CUT_AFTER || this == REFUSE || this == ACCEPT || this == HEAL;
        return (word() + (whole ? " " : " [DIRECTION] ") + values).strip();
    }

    /** How they all are written, one on each line. */
    static String explanations() {
        return Stream.of(values())
                .map(command -> String.format("  %-32s %s", command.usage(), command.explanation))
                .collect(Collectors.joining("\n"));
    }

    /** What follows the name of a command. */
    static final class Words {

        private final List<Direction> directions = new ArrayList<>();
        private final List<String> values = new ArrayList<>();

        private Words(List<String> words) {
            for (String word : words) {
                switch (word) {
                    case "to-server" -> directions.add(Direction.TO_SERVER);
                    case "to-client" -> directions.add(Direction.TO_CLIENT);
                    default -> values.add(word);
                }
            }
        }

        private Consumer<FaultProxy> latency() {
            Duration time = time(only());
            return where((proxy, where) -> proxy.latency(time, where), 1);
        }

        private Consumer<FaultProxy> jitter() {
            Duration time = time(only());
            return where((proxy, where) -> proxy.jitter(time, where), 1);
        }

        private Consumer<FaultProxy> bandwidth() {
            long size = size(only());
            return where((proxy, where) -> proxy.bandwidth(size, where), 1);
        }

        private Consumer<FaultProxy> slice() {
            if (values.isEmpty() || values.size() > 2) {
                throw new IllegalArgumentException(
                        "say how large the slices are, and for how long nothing follows one");
            }
            long size = size(values.get(0));
            Duration pause = values.size() > 1 ? time(values.get(1)) : Duration.ZERO;
            int bytes = (int) Math.min(Integer.MAX_VALUE, size);
            return where((proxy, where) -> proxy.slice(bytes, pause, where), values.size());
        }

        private Consumer<FaultProxy> cutAfter() {
            long size = size(only());
            if (!directions.isEmpty()) {
                throw new IllegalArgumentException("leave the direction out: what counts is what goes to clients");
            }
            return proxy -> proxy.cutAfter(size);
        }

        private Consumer<FaultProxy> where(Where action) {
            return where(action, 0);
        }

        private Consumer<FaultProxy> where(Where action, int used) {
            if (values.size() > used) {
                throw new IllegalArgumentException(
                        "\"" + values.get(used) + "\" is no direction: to-server, to-client, or none for both");
            }
            Direction[] where = directions.toArray(Direction[]::new);
            return proxy -> action.at(proxy, where);
        }

        private Consumer<FaultProxy> whole(Consumer<FaultProxy> action) {
            if (!values.isEmpty() || !directions.isEmpty()) {
                throw new IllegalArgumentException("nothing may follow it");
            }
            return action;
        }

        private String only() {
            if (values.size() != 1) {
                throw new IllegalArgumentException(
                        values.isEmpty() ? "a value is missing" : "there is a value too many: " + values.get(1));
            }
            return values.get(0);
        }
    }

    static Duration time(String value) {
        Matcher time = TIME.matcher(value);
        if (value.equals("off")) {
            return Duration.ZERO;
        }
        if (!time.matches()) {
            throw new IllegalArgumentException("\"" + value + "\" is no time: write 50ms, 2s, 1m or off");
        }
        long number = Long.parseLong(time.group(1));
        return switch (time.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            default -> Duration.ofMinutes(number);
        };
    }

    static long size(String value) {
        Matcher size = SIZE.matcher(value);
        if (value.equals("off")) {
            return 0;
        }
        if (!size.matches()) {
            throw new IllegalArgumentException("\"" + value + "\" is no number of bytes: write 500, 10k, 1m or off");
        }
        long number = Long.parseLong(size.group(1));
        return switch (size.group(2)) {
            case "k" -> number << 10;
            case "m" -> number << 20;
            default -> number;
        };
    }
}
