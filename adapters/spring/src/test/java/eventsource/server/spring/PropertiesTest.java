package eventsource.server.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import eventsource.server.EventSourceServerBuilder;
import eventsource.server.spi.HttpManners;
import eventsource.server.spring.RunningApplication.Stack;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.NestedExceptionUtils;

@DisplayName("The properties of the starter")
class PropertiesTest {

    /** Given as beans, or by whoever makes the object. */
    private static final Set<String> NO_PROPERTIES =
            Set.of("build", "log", "listener", "executor", "timer", "requests");

    private static EventSourceProperties bound(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("eventsource", EventSourceProperties.class);
    }

    @Test
    @DisplayName("are those of the server's options and the manners'")
    void complete() {
        Set<String> options = Stream.of(EventSourceServerBuilder.class, HttpManners.Builder.class)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> java.lang.reflect.Modifier.isPublic(method.getModifiers()))
                .map(Method::getName)
                .filter(name -> !NO_PROPERTIES.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> properties = Arrays.stream(EventSourceProperties.class.getRecordComponents())
                .map(RecordComponent::getName)
                .filter(name -> !name.equals("stopWithin")) // of the lifecycle
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(options, properties);
    }

    @Test
    @DisplayName("have the defaults of the server where nothing is said")
    void defaults() {
        EventSourceProperties defaults = bound(Map.of());
        assertEquals(64L << 20, defaults.retainBytes().toBytes());
        assertEquals(1 << 20, defaults.maxEventBytes().toBytes());
        defaults.apply(eventsource.server.EventSourceServer.builder()).build().close();
    }

    @Test
    @DisplayName("are bound, and refused with the words of the option if they make no sense")
    void values() {
        EventSourceProperties bound = bound(Map.of(
                "eventsource.retain-for", "1h",
                "eventsource.lag", "newest-per-key",
                "eventsource.keys", "10",
                "eventsource.lifetime.least", "10m",
                "eventsource.lifetime.most", "15m",
                "eventsource.allowed-origins", "https://a.example,https://b.example",
                "eventsource.overload", "status"));
        assertEquals(2, bound.allowedOrigins().size());
        bound.apply(eventsource.server.EventSourceServer.builder()).build().close();
        EventSourceProperties senseless = bound(Map.of("eventsource.lag", "skip"));
        IllegalStateException refused = assertThrows(
                IllegalStateException.class,
                () -> senseless
                        .apply(eventsource.server.EventSourceServer.builder())
                        .build());
        assertTrue(refused.getMessage().contains("gapEvent"), refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"lifetime.least,9m,both", "max-event-bytes,3GB,2 GB", "stop-within,-5s,not negative"})
    @DisplayName("are refused at the start, with what to write instead")
    void refused(String property, String value, String words) {
        BindException refused =
                assertThrows(BindException.class, () -> bound(Map.of("eventsource." + property, value)));
        String message = String.valueOf(
                NestedExceptionUtils.getMostSpecificCause(refused).getMessage());
        assertTrue(message.contains(words), message);
    }

    @ParameterizedTest
    @EnumSource(Stack.class)
    @DisplayName("of the web server must not have it compress event streams")
    void compression(Stack stack) {
        String words = "";
        try (RunningApplication application = RunningApplication.start(
                stack,
                context -> {},
                StreamsApplication.class,
                RunningApplication.OPEN,
                "server.compression.enabled=true",
                "server.compression.mime-types=text/html,text/event-stream")) {
            fail("it has started on port " + application.port());
        } catch (BeanCreationException refused) {
            words = String.valueOf(
                    NestedExceptionUtils.getMostSpecificCause(refused).getMessage());
        }
        assertTrue(words.contains("server.compression.mime-types"), words);
    }

    @Test
    @DisplayName("are written down with a description each, for those who edit them")
    void metadata() throws IOException {
        String metadata;
        try (InputStream file =
                EventSourceProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            metadata = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (RecordComponent property : EventSourceProperties.class.getRecordComponents()) {
            String name = property.getName().replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
            int at = metadata.indexOf("\"name\": \"eventsource." + name + (bounds(property) ? ".least" : "") + "\"");
            assertTrue(at > 0, name + " is missing");
            int end = metadata.indexOf('}', at);
            assertTrue(metadata.substring(at, end).contains("\"description\""), name + " has no description");
        }
    }

    private static boolean bounds(RecordComponent property) {
        return property.getType() == EventSourceProperties.Bounds.class;
    }
}
