package eventsource.server.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.examples.contract.RunningExample;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said to those who mistype. */
class CommandLineTest {

    @Test
    void whatDoesNotExistIsAnsweredWithWhatDoes() throws Exception {
        for (List<String> wrong : List.of(
                List.of("nope"),
                List.<String>of(),
                List.of("tick", "--bogus"),
                List.of("tick", "--server", "nope"),
                List.of("tick", "--server"),
                List.of("tick", "--file", "x"),
                List.of("tail"),
                List.of("tail", "--file"),
                List.of("tick", "--port", "0"),
                List.of("tick", "--port", "x"))) {
            Process process = RunningExample.process(wrong);
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(2, process.waitFor(), wrong.toString());
            assertTrue(
                    output.contains("broadcast, json, notifications, pipe, prices, tail, tick, tokens")
                            && output.contains("jdk"),
                    output);
        }
    }

    @Test
    void aDirectoryIsNotFollowed(@TempDir Path directory) throws Exception {
        Process process = RunningExample.process(List.of("tail", "--file", directory.toString()));
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(2, process.waitFor());
        assertTrue(output.contains("name a file"), output);
    }
}
