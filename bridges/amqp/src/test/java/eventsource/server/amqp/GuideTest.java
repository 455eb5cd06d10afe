package eventsource.server.amqp;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The guide to RabbitMQ")
class GuideTest {

    private static final Pattern SNIPPET = Pattern.compile("(?s)```java amqp\\n(.*?)```");
    private static final String CLASS = """
            import com.rabbitmq.client.*;
            import eventsource.server.*;
            import eventsource.server.amqp.*;
            import java.util.*;
            import java.util.concurrent.*;

            class Snippet {
                EventSourceServer events;
                ConnectionFactory factory;

                void run() throws Exception {
                    %s
                }
            }
            """;

    @TempDir
    private Path classes;

    @Test
    @DisplayName("has snippets that compile")
    void compiles() throws IOException {
        List<String> snippets = SNIPPET.matcher(Files.readString(Path.of("../../docs/guides/amqp.md")))
                .results()
                .map((MatchResult snippet) -> snippet.group(1))
                .toList();
        assertFalse(snippets.isEmpty());
        for (String snippet : snippets) {
            StringWriter output = new StringWriter();
            List<String> options =
                    List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none");
            JavaFileObject file =
                    new SimpleJavaFileObject(URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE) {
                        @Override
                        public CharSequence getCharContent(boolean ignore) {
                            return CLASS.formatted(snippet);
                        }
                    };
            boolean compiled = ToolProvider.getSystemJavaCompiler()
                    .getTask(output, null, null, options, null, List.of(file))
                    .call();
            assertTrue(compiled, () -> output + "\n" + snippet);
        }
    }
}
