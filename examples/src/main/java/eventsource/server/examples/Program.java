package eventsource.server.examples;

import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How an example is made.
 *
 * @param option the option that it needs, such as {@code --file}; empty if there is none
 * @param make makes it of the value of that option
 */
record Program(String option, Function<String, Example> make) {

    static Program of(Supplier<Example> make) {
        return new Program("", none -> make.get());
    }

    static Program needing(String option, Function<String, Example> make) {
        return new Program(option, make);
    }
}
