package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of the house that a machine can look after. */
class HouseTest {

    private static List<Path> mainSources() throws IOException {
        try (Stream<Path> all = Files.walk(Path.of("..").toRealPath())) {
            List<Path> sources = all.filter(path ->
                            path.toString().endsWith(".java") && path.toString().contains("/src/main/java/"))
                    .toList();
            assertTrue(sources.size() > 30, "sources were found");
            return sources;
        }
    }

    @Test
    void noFileOfTheProductHasMoreThan400Lines() throws IOException {
        for (Path source : mainSources()) {
            assertTrue(Files.readAllLines(source).size() <= 400, source + " has more than 400 lines");
        }
    }

    @Test
    void theCoreIsNoLargerThanItsPageSays() throws IOException {
        Matcher total = Pattern.compile("\\*\\*total, at most\\*\\* \\| \\*\\*([0-9,]+)\\*\\*")
                .matcher(Files.readString(Path.of("../docs/design/overview.md")));
        assertTrue(total.find(), "the page says how large the core is");
        long lines = 0;
        for (Path source : mainSources()) {
            if (source.toString().contains("/core/")) {
                lines += linesOfCode(Files.readString(source));
            }
        }
        assertTrue(lines > 0 && lines <= Integer.parseInt(total.group(1).replace(",", "")), "it has " + lines);
    }

    private static long linesOfCode(String source) {
        return source.replaceAll("(?s)/\\*.*?\\*/", "")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("//"))
                .count();
    }

    @Test
    void theWireFormatIsKnownToOneClass() throws IOException {
        Set<String> knowing = mainSources().stream()
                .filter(source -> !source.toString().contains("/parser/")
                        && !source.toString().contains("/testkit/")
                        && !source.toString().contains("/benchmarks/"))
                .filter(HouseTest::writesAField)
                .map(source -> source.getFileName().toString())
                .collect(Collectors.toSet());
        assertEquals(Set.of("Frame.java"), knowing);
    }

    private static boolean writesAField(Path source) {
        try {
            String text = Files.readString(source);
            return text.contains("\"data: ") || text.contains("\"event: ") || text.contains("\"retry: ");
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }

    @Test
    void theCoreNeedsNothingButJavaBase() {
        ModuleDescriptor core = ModuleFinder.of(Path.of("target/classes"))
                .find("eventsource.server")
                .orElseThrow()
                .descriptor();
        Set<String> needed = core.requires().stream()
                .filter(requires -> !requires.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
                .map(ModuleDescriptor.Requires::name)
                .collect(Collectors.toSet());
        assertEquals(Set.of("java.base"), needed);
        assertEquals(
                Set.of("eventsource.server", "eventsource.server.spi"),
                core.exports().stream().map(ModuleDescriptor.Exports::source).collect(Collectors.toSet()));
    }

    @Test
    void nothingSleepsAndNothingPrints() throws IOException {
        for (Path source : mainSources()) {
            String text = Files.readString(source);
            boolean client = source.toString().contains("/interop/clients/"); // waits as long as it is told to
            assertFalse(!client && text.contains("Thread.sleep"), source + " sleeps"); // the rule that keeps it out
            boolean printing = Stream.of("/examples/", "/benchmarks/", "/interop/", "Command.java")
                    .anyMatch(source.toString()::contains); // for whom printing is what they are for
            if (!printing) {
                assertFalse(text.contains("printStackTrace"), source + " prints a stack trace");
                assertFalse(text.contains("System.out"), source + " prints");
            }
        }
    }
}
