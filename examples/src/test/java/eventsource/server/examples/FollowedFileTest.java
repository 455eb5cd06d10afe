package eventsource.server.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowedFileTest {

    @TempDir
    private Path directory;

    private final List<String> given = new ArrayList<>();
    private Path path;
    private FollowedFile file;

    @BeforeEach
    void follow() {
        path = directory.resolve("log");
        file = new FollowedFile(path, new Lines(given::add));
    }

    private void append(String text) throws IOException {
        Files.writeString(path, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** What the file gives now. */
    private List<String> read() throws IOException {
        given.clear();
        file.read();
        return List.copyOf(given);
    }

    @Test
    @DisplayName("Each line is given once it has ended")
    void lines() throws IOException {
        append("one\ntw");
        assertEquals(List.of("one"), read());
        assertEquals(List.of(), read());
        append("o\nthree\n");
        assertEquals(List.of("two", "three"), read());
    }

    @Test
    @DisplayName("Of what is there at the beginning, the last whole lines are given")
    void theLastLines() throws IOException {
        for (int i = 0; i < 1000; i++) {
            append("line " + i + "\n");
        }
        List<String> first = read();
        assertEquals("line 999", first.get(first.size() - 1));
        assertEquals("line " + (1000 - first.size()), first.get(0), "a whole one");
        assertEquals(FollowedFile.FIRST / "line 999\n".length(), first.size());
    }

    @Test
    @DisplayName("At the beginning, a line that is longer than that is not begun in the middle")
    void aLongLastLine() throws IOException {
        append("x".repeat(2 * FollowedFile.FIRST));
        assertEquals(List.of(), read());
        append("\nnext\n");
        assertEquals("next", read().get(1));
    }

    @Test
    @DisplayName("A file that is not there is waited for, and read from its beginning")
    void aFileThatComes() throws IOException {
        assertEquals(List.of(), read());
        append("x".repeat(FollowedFile.FIRST) + "\n");
        assertEquals(List.of("x".repeat(FollowedFile.FIRST)), read());
    }

    @Test
    @DisplayName("A file that is cut short is read from its beginning")
    void cutShort() throws IOException {
        append("one\ntwo\nthr");
        assertEquals(List.of("one", "two"), read());
        Files.writeString(path, "four\n");
        assertEquals(List.of("thr", "four"), read());
        Files.writeString(path, "");
        assertEquals(List.of(), read());
        append("five\n");
        assertEquals(List.of("five"), read());
    }

    @Test
    @DisplayName(
            "A file that is renamed is read to its end, also while there is none in its place, and then the next one")
    void rotated() throws IOException {
        append("one\n");
        assertEquals(List.of("one"), read());
        append("two\n");
        Path old = Files.move(path, directory.resolve("log.1"));
        assertEquals(List.of("two"), read());
        Files.writeString(old, "three\nfo", StandardOpenOption.APPEND);
        append("five\n");
        assertEquals(List.of("three", "fo", "five"), read());
        Files.writeString(old, "nobody reads this\n", StandardOpenOption.APPEND);
        append("six\n");
        assertEquals(List.of("six"), read());
    }

    @Test
    @DisplayName("A file that is removed and made again is another one, whatever its size")
    void madeAgain() throws IOException {
        append("one\n");
        assertEquals(List.of("one"), read());
        Files.delete(path);
        append("two\n");
        assertEquals(List.of("two"), read());
        Files.move(path, directory.resolve("log.1"));
        append("three and more\n");
        assertEquals(List.of("three and more"), read());
    }

    @Test
    @DisplayName("What cannot be read is said, and tried again")
    void unreadable() throws IOException {
        Files.createDirectory(path);
        assertThrows(IOException.class, file::read);
        Files.delete(path);
        append("one\n");
        assertEquals(List.of("one"), read());
    }
}
