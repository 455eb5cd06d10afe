package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of acceptance cases is complete, and the tests that it names exist. */
class CasesTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Map<String, Integer> CASES_BY_AREA = Map.ofEntries(
            Map.entry("WF", 21),
            Map.entry("IN", 9),
            Map.entry("HT", 10),
            Map.entry("CO", 8),
            Map.entry("RS", 16),
            Map.entry("SC", 10),
            Map.entry("DC", 8),
            Map.entry("HB", 4),
            Map.entry("SD", 6),
            Map.entry("OV", 9),
            Map.entry("CF", 4));
    private static final Set<String> STATUSES = Set.of("shown", "pending", "otherwise");
    private static final Pattern ID = Pattern.compile("\\b(?:WF|IN|HT|CO|RS|SC|DC|HB|SD|OV|CF)-\\d\\d\\b");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| ([A-Z]{2}-\\d\\d) \\| (.+?) \\| (.*?) ?\\| (.+?) \\|$");
    private static final Pattern NAMED_TEST = Pattern.compile("`([^`#]+)(?:#([^`]+))?`");
    private static final Set<String> SOURCES_OF_TESTS = Set.of("/src/test/java/", "/testkit/src/main/java/");
    private static final String INTEROP = "/interop/test/";

    /** What a row of the page says. */
    record Row(String id, String demand, String tests, String status) {}

    private final List<Row> rows = rows();
    private final Map<String, String> sources = sources();

    private static List<Row> rows() {
        return ROW.matcher(read(ROOT.resolve("docs/reference/cases.md")))
                .results()
                .map(row -> new Row(row.group(1), row.group(2), row.group(3), row.group(4)))
                .toList();
    }

    /** The tests of the project by class, those of the interop suite by file. */
    private static Map<String, String> sources() {
        Map<String, String> sources = new HashMap<>();
        try (Stream<Path> files = Files.walk(ROOT)) {
            files.filter(CasesTest::isTest)
                    .forEach(file -> sources.merge(
                            file.getFileName().toString().replace(".java", ""), read(file), String::concat));
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
        assertTrue(sources.size() > 50, "tests were found");
        return sources;
    }

    private static boolean isTest(Path file) {
        String path = file.toString();
        return path.endsWith(".mjs")
                ? path.contains(INTEROP)
                : path.endsWith(".java") && SOURCES_OF_TESTS.stream().anyMatch(path::contains);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private boolean exists(MatchResult test) {
        String source = sources.get(test.group(1));
        if (source == null || test.group(2) == null) {
            return source != null;
        }
        return source.contains(
                test.group(1).endsWith(".mjs") ? "'" + test.group(2) + "'" : "void " + test.group(2) + "(");
    }

    private List<MatchResult> testsOf(Row row) {
        return NAMED_TEST.matcher(row.tests()).results().toList();
    }

    @Test
    void everyCaseHasOneRow() {
        List<String> expected = CASES_BY_AREA.entrySet().stream()
                .flatMap(area -> IntStream.rangeClosed(1, area.getValue())
                        .mapToObj(number -> String.format("%s-%02d", area.getKey(), number)))
                .sorted()
                .toList();
        assertEquals(expected, rows.stream().map(Row::id).sorted().toList());
    }

    @Test
    void everyTestThatIsNamedExists() {
        List<String> missing = rows.stream()
                .flatMap(row ->
                        testsOf(row).stream().filter(test -> !exists(test)).map(test -> row.id() + ": " + test.group()))
                .toList();
        assertEquals(List.of(), missing);
    }

    @Test
    void everyCaseHasAStatusAndWhatIsShownNamesTests() {
        for (Row row : rows) {
            String status = row.status().split("\\W", 2)[0];
            assertTrue(STATUSES.contains(status), () -> "unknown status: " + row);
            assertTrue(!status.equals("shown") || !testsOf(row).isEmpty(), () -> "shown by no test: " + row);
            assertTrue(!status.equals("otherwise") || row.status().length() > 30, () -> "without a reason: " + row);
        }
    }

    @Test
    void everyCaseThatATestMentionsIsOnThePage() {
        Set<String> known = rows.stream().map(Row::id).collect(Collectors.toSet());
        Map<String, Set<String>> unknown = new TreeMap<>();
        sources.forEach((name, source) -> ID.matcher(source)
                .results()
                .map(MatchResult::group)
                .filter(id -> !known.contains(id))
                .forEach(id ->
                        unknown.computeIfAbsent(id, first -> new TreeSet<>()).add(name)));
        assertEquals(Map.of(), unknown);
    }
}
