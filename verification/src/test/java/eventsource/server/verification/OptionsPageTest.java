package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;

import eventsource.server.EventSourceServerBuilder;
import eventsource.server.LagPolicy;
import eventsource.server.StreamEnd;
import eventsource.server.StreamRefusedException;
import eventsource.server.StreamRequest;
import eventsource.server.spi.HttpManners;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page of options has all options, outcomes and refusals that there are, and no others. */
class OptionsPageTest {

    private static final Path PAGE = Path.of("..", "docs", "reference", "options.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\|");

    /** What the first column of a section's table names. */
    private static Set<String> documented(String heading) {
        String page = read();
        int start = page.indexOf("\n## " + heading + "\n");
        assertEquals(start, page.lastIndexOf("\n## " + heading + "\n"), heading);
        int end = page.indexOf("\n## ", start + 1);
        return ROW.matcher(page.substring(Math.max(start, 0), end < 0 ? page.length() : end))
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String read() {
        try {
            return Files.readString(PAGE);
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    /** The public methods of a type that give the type itself: what can be set. */
    private static Set<String> settable(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && method.getReturnType() == type)
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> publicMethods(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .map(Method::getName)
                .filter(name -> !name.equals("build"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> names(Enum<?>[] constants) {
        return Arrays.stream(constants).map(Enum::name).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyOptionOfAServer() {
        assertEquals(publicMethods(EventSourceServerBuilder.class), documented("`EventSourceServer.builder()`"));
    }

    @Test
    void everyOptionOfHttpManners() {
        assertEquals(publicMethods(HttpManners.Builder.class), documented("`HttpManners.builder(server)`"));
    }

    @Test
    void everyOptionOfARequest() {
        assertEquals(settable(StreamRequest.class), documented("`StreamRequest`"));
    }

    @Test
    void everyEndAndEveryRefusal() {
        assertEquals(names(StreamEnd.values()), documented("How streams end"));
        assertEquals(names(StreamRefusedException.Reason.values()), documented("Why streams are refused"));
        assertEquals(names(LagPolicy.values()), documented("Clients that lag"));
    }
}
