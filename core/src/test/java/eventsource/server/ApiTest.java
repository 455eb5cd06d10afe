package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What others can call changes only where somebody has seen that it does: {@code api.txt} is part of each such change. */
class ApiTest {

    private static final Path PAGE = Path.of("api.txt");
    private static final String TO_ACCEPT =
            "mvn -pl core -am test -Dtest=ApiTest -Dapi.write -Dsurefire.failIfNoSpecifiedTests=false";

    @Test
    void theApiIsTheOneThatWasAgreedOn() throws IOException {
        List<String> is = PublicApi.of(Path.of("target", "classes"));
        if (System.getProperty("api.write") != null) {
            Files.write(PAGE, is);
        }
        List<String> agreed = Files.exists(PAGE) ? Files.readAllLines(PAGE) : List.of();
        assertEquals(
                String.join("\n", agreed),
                String.join("\n", is),
                () -> "the API is not that of core/api.txt. If it is meant to change, run\n    " + TO_ACCEPT
                        + "\nand commit the file. Removed, or of a type that has changed:\n"
                        + less(agreed, is) + "\nadded:\n" + less(is, agreed));
    }

    private static String less(List<String> lines, List<String> others) {
        return String.join(
                "\n", lines.stream().filter(line -> !others.contains(line)).toList());
    }

    @Test
    void theApiIsReadFromTheClasses() throws IOException {
        List<String> lines = PublicApi.of(Path.of("target", "classes"));
        String event = "public final class eventsource.server.Event";
        assertTrue(lines.stream().anyMatch(line -> line.startsWith(event)), lines::toString);
        assertTrue(
                lines.contains("    public java.util.concurrent.Flow.Publisher<java.nio.ByteBuffer>"
                        + " outSupply(eventsource.server.StreamRequest)"),
                lines::toString);
        assertTrue(lines.stream().noneMatch(line -> line.contains("Journal")), "what is not public is not there");
    }
}
