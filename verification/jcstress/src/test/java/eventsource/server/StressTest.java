package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Has jcstress run all of its tests that stand beside this class, and fails with what it says if one of them does, or if
 * one was not run. {@code -Djcstress.mode=long} tries for longer, {@code -Djcstress.tests=Ring} some of them only.
 */
class StressTest {

    /**
     * On two processors there is nothing to choose where threads run, and that all have the same compiler saves most time.
     * Short strides make the two threads begin together more often, and so meet more often.
     */
    private static final List<String> ALWAYS = List.of(
            "-f",
            "1",
            "-fsm",
            "1",
            "-sc",
            "false",
            "-af",
            "NONE",
            "-pth",
            "false",
            "-strideCount",
            "5",
            "-strideSize",
            "64",
            "-v");

    /**
     * One way of running the virtual machine, and not the several that jcstress would choose: with what they take to start,
     * the same time has far more of each test.
     */
    private static final Map<String, List<String>> MODES = Map.of(
            "sanity", List.of("-iters", "1", "-time", "100", "-jvmArgs", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"),
            "long", List.of("-iters", "10", "-time", "500", "-jvmArgs", "-XX:+UseSerialGC"));

    private static final Path TARGET = Path.of("target", "jcstress").toAbsolutePath();
    private static final Path OUTPUT = TARGET.resolve("output.txt");
    private static final Pattern NAME_IN_LIST = Pattern.compile("JCTEST\\d+S([\\w.]+?)\\d+Seventsource");
    private static final Pattern RESULTS = Pattern.compile(
            "\\(Results: (\\d+) planned; (\\d+) passed, (\\d+) failed, (\\d+) soft errs, (\\d+) hard errs\\)");
    private static final Pattern RUN = Pattern.compile("All remaining tests: (\\d+) matching");

    @Test
    void nothingHappensThatIsNotAcceptable() throws Exception {
        Pattern chosen = Pattern.compile(System.getProperty("jcstress.tests", ".*"));
        long tests =
                names().stream().filter(name -> chosen.matcher(name).find()).count();
        assertTrue(tests > 0, () -> "no test has a name with " + chosen);

        int exit = runJcstress(MODES.get(System.getProperty("jcstress.mode", "sanity")), chosen);

        String output = Files.readString(OUTPUT);
        assertEquals(0, exit, () -> output);
        List<MatchResult> results = RESULTS.matcher(output).results().toList();
        assertTrue(!results.isEmpty(), () -> "nothing was run\n" + output);
        MatchResult last = results.get(results.size() - 1);
        assertEquals(last.group(1), last.group(2), () -> "not everything passed\n" + output);
        Matcher run = RUN.matcher(output);
        assertTrue(run.find() && Long.parseLong(run.group(1)) == tests, () -> "not " + tests + " tests\n" + output);
    }

    /** The names in the list that jcstress's annotation processor has written. */
    private static List<String> names() throws IOException {
        try (InputStream list = StressTest.class.getResourceAsStream("/META-INF/TestList")) {
            assertNotNull(list, "the annotation processor of jcstress was not run");
            String text = new String(list.readAllBytes(), StandardCharsets.UTF_8);
            List<String> names = NAME_IN_LIST
                    .matcher(text)
                    .results()
                    .map(name -> name.group(1))
                    .toList();
            assertEquals(text.lines().count(), names.size(), text);
            return names;
        }
    }

    private static int runJcstress(List<String> mode, Pattern tests) throws Exception {
        Files.createDirectories(TARGET);
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main",
                "-t",
                tests.pattern(),
                "-r",
                TARGET.toString()));
        command.addAll(ALWAYS);
        command.addAll(mode);
        Process jcstress = new ProcessBuilder(command)
                .directory(TARGET.toFile())
                .redirectErrorStream(true)
                .redirectOutput(OUTPUT.toFile())
                .start();
        try {
            assertTrue(jcstress.waitFor(20, TimeUnit.MINUTES), () -> "not ready in 20 minutes: see " + OUTPUT);
        } finally {
            jcstress.descendants().forEach(ProcessHandle::destroyForcibly);
            jcstress.destroyForcibly();
        }
        return jcstress.exitValue();
    }
}
