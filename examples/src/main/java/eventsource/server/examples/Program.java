package eventsource.server.examples;

import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How an example is made.
 *
 * @param option the option that it has, such as {@code --file}; empty if there is none
 * @param isNeeded whether it cannot do without
 * @param make makes it of the value of that option, which is empty if it was left out
 */
public record Program(String option, boolean isNeeded, Function<String, Example> make) {

    static Program of(Supplier<Example> make) {
        return new Program("", false, none -> make.get());
    }

    static Program needing(String option, Function<String, Example> make) {
        return new Program(option, true, make);
    }

    /** An example with an option that can be left out. */
    public static Program offering(String option, Function<String, Example> make) {
        return new Program(option, false, make);
    }
}
