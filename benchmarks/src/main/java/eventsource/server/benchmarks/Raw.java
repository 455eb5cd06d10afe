package eventsource.server.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * What a program measured, as it measured it: a head that says how, then one line per measurement, a {@link Row}. Goes to the terminal and, where the property {@code raw} names a directory, to a file there.
 */
public final class Raw implements AutoCloseable {

    private final @Nullable PrintStream file;

    /** @param name the name of the file, without its ending */
    Raw(String name) {
        this(name, directory());
    }

    /**
     * Begins with the head.
     *
     * @param name the name of the file, without its ending
     * @param directory where the file goes; {@code null} for none
     */
    public Raw(String name, @Nullable Path directory) {
        file = open(name, directory);
        line("# command: " + System.getProperty("command", "not from benchmarks/run"));
        line("# core: " + System.getProperty("core", "unknown"));
        line("# machine: " + machine());
        line("# jdk: " + System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        line("# date: " + LocalDate.now(ZoneOffset.UTC));
    }

    private static @Nullable Path directory() {
        String directory = System.getProperty("raw");
        return directory == null ? null : Path.of(directory);
    }

    private static @Nullable PrintStream open(String name, @Nullable Path directory) {
        if (directory == null) {
            return null;
        }
        try {
            Files.createDirectories(directory);
            return new PrintStream(directory.resolve(name + ".txt").toFile(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The machine in a few words, none of which names it. */
    static String machine() {
        return Runtime.getRuntime().availableProcessors() + " cores, " + system();
    }

    private static String system() {
        String prefix = "PRETTY_NAME=";
        try (var lines = Files.lines(Path.of("/etc/os-release"))) {
            return lines.filter(line -> line.startsWith(prefix))
                    .map(line -> line.substring(prefix.length()).replace("\"", ""))
                    .findFirst()
                    .orElse(System.getProperty("os.name"));
        } catch (IOException notLinux) {
            return System.getProperty("os.name");
        }
    }

    /** Notes a measurement, or whatever else a program had to say. */
    public void line(Object line) {
        System.out.println(line);
        if (file != null) {
            file.println(line);
            file.flush();
        }
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }
}
