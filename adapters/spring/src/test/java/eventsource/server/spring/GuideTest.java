package eventsource.server.spring;

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

@DisplayName("The guide to Spring Boot")
class GuideTest {

    private static final Pattern SNIPPET = Pattern.compile("(?s)```java spring\\n(.*?)```");
    private static final String IMPORTS = """
            import eventsource.server.*;
            import eventsource.server.spi.*;
            import eventsource.server.spring.*;
            import java.math.BigDecimal;
            import java.security.Principal;
            import java.time.*;
            import java.util.*;
            import java.util.concurrent.*;
            import org.springframework.context.annotation.*;
            import org.springframework.stereotype.*;
            import org.springframework.web.bind.annotation.*;
            import reactor.core.publisher.*;
            """;

    @TempDir
    private Path classes;

    @Test
    @DisplayName("has snippets that compile")
    void compiles() throws IOException {
        List<String> snippets = SNIPPET.matcher(Files.readString(Path.of("../../docs/guides/spring.md")))
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
                            return IMPORTS + snippet;
                        }
                    };
            boolean compiled = ToolProvider.getSystemJavaCompiler()
                    .getTask(output, null, null, options, null, List.of(file))
                    .call();
            assertTrue(compiled, () -> output + "\n" + snippet);
        }
    }
}
