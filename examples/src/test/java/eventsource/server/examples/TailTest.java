package eventsource.server.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import eventsource.server.examples.contract.RunningExample;
import eventsource.server.parser.TestClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TailTest {

    @TempDir
    private Path directory;

    @Test
    @DisplayName(
            "Who looks at a followed file sees its last lines, and each that is appended, across rotation and truncation")
    void aFollowedFile() throws IOException {
        Path log = directory.resolve("app.log");
        Files.writeString(log, "before\n");
        try (RunningExample tail = RunningExample.start("tail", "netty", "--file", log.toString());
                TestClient client = TestClient.get(tail.port(), "/").open()) {
            assertEquals("before", client.next().data());
            Files.writeString(log, "appended\n", StandardOpenOption.APPEND);
            assertEquals("appended", client.next().data());
            Files.move(log, directory.resolve("app.log.1"));
            Files.writeString(log, "in the next file\n");
            assertEquals("in the next file", client.next().data());
            Files.writeString(log, "cut\n");
            assertEquals("cut", client.next().data());
            assertEquals(List.of(), client.parser().violations());
        }
    }
}
