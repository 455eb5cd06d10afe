package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A Java snippet of the documentation, and where it stands. It may have imports of its own. */
record Snippet(String place, String code) {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern BLOCK = Pattern.compile("(?s)```java\\n(.*?)```");
    private static final String IMPORTS = """
            import com.sun.net.httpserver.HttpServer;
            import eventsource.server.*;
            import eventsource.server.jdkhttpserver.*;
            import eventsource.server.netty.*;
            import eventsource.server.parser.*;
            import eventsource.server.servlet.*;
            import eventsource.server.spi.*;
            import eventsource.server.testkit.*;
            import eventsource.server.testkit.checker.*;
            import eventsource.server.testkit.log.*;
            import eventsource.server.verification.SnippetContext;
            import jakarta.servlet.*;
            import jakarta.servlet.http.*;
            import java.io.*;
            import java.net.*;
            import java.net.http.HttpClient;
            import java.nio.ByteBuffer;
            import java.nio.charset.StandardCharsets;
            import java.nio.file.Path;
            import java.time.*;
            import java.util.*;
            import java.util.concurrent.*;
            import static eventsource.server.testkit.FaultProxy.Direction.*;
            import static org.junit.jupiter.api.Assertions.*;
            """;

    /** All of them; the first is the one on the first screen. */
    static List<Snippet> all() throws IOException {
        List<Snippet> snippets = new ArrayList<>();
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            List<Path> pages =
                    new ArrayList<>(docs.filter(path -> path.toString().endsWith(".md"))
                            .sorted()
                            .toList());
            pages.add(0, ROOT.resolve("README.md"));
            for (Path page : pages) {
                Matcher block = BLOCK.matcher(Files.readString(page));
                for (int i = 1; block.find(); i++) {
                    snippets.add(new Snippet(ROOT.relativize(page) + " #" + i, block.group(1)));
                }
            }
        }
        return snippets;
    }

    @Override
    public String toString() {
        return place;
    }

    /** Compiles it as the method of a class, into a directory. */
    void compile(Path classes) {
        Map<Boolean, String> lines = code.lines()
                .collect(Collectors.partitioningBy(
                        line -> line.startsWith("import "), Collectors.joining("\n", "", "\n")));
        String source = IMPORTS + lines.get(true)
                + "public final class Snippet extends SnippetContext { public void run() throws Exception {\n"
                + lines.get(false) + "} }";
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter output = new StringWriter();
        List<String> options =
                List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none");
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignore) {
                        return source;
                    }
                };
        boolean compiled = compiler.getTask(output, null, null, options, null, List.of(file))
                .call();
        assertTrue(compiled, () -> output + "\n" + source);
    }

    /** Compiles it into a directory and runs it, with what it takes for granted. */
    void run(Path classes, Consumer<SnippetContext> given) throws Exception {
        compile(classes);
        URL[] urls = {classes.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(urls)) {
            SnippetContext snippet = (SnippetContext)
                    loader.loadClass("Snippet").getConstructor().newInstance();
            given.accept(snippet);
            snippet.run();
        }
    }
}
