package eventsource.server.springboot3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.StreamRequest;
import eventsource.server.parser.TestClient;
import eventsource.server.spring.JsonEvents;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.embedded.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.reactive.server.ReactiveWebServerFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;

@DisplayName("The starter in an application of Spring Boot 3.5")
@Timeout(180)
class SpringBoot3Test {

    private static final Duration SOON = Duration.ofSeconds(30);

    private @Nullable ConfigurableApplicationContext application;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Streams.class)
    static class Application {}

    @RestController
    static class Streams {

        private final JsonEvents json;

        Streams(JsonEvents json) {
            this.json = json;
        }

        @GetMapping("/topics/{topic}")
        StreamRequest topic(@PathVariable("topic") String topic) {
            return StreamRequest.of(topic);
        }

        @GetMapping("/flux")
        Flux<Event> flux() {
            return Flux.just("a", "b").map(name -> json.event("named", Map.of("name", name)));
        }
    }

    private ConfigurableApplicationContext start(WebApplicationType type) {
        application = new SpringApplicationBuilder(Application.class)
                .web(type)
                .initializers((GenericApplicationContext context) -> {
                    if (type == WebApplicationType.REACTIVE) { // both hosts are on the class path
                        context.registerBean(ReactiveWebServerFactory.class, () -> new NettyReactiveWebServerFactory());
                    }
                })
                .properties(
                        "server.port=0",
                        "server.address=127.0.0.1",
                        "server.shutdown=graceful",
                        "eventsource.opening-event=hello",
                        "spring.main.banner-mode=off",
                        "logging.level.root=ERROR")
                .run();
        return application;
    }

    @AfterEach
    void stop() {
        if (application != null) {
            application.close();
        }
    }

    private static TestClient open(ConfigurableApplicationContext application, String path, String lastEventId) {
        int port = Integer.parseInt(application.getEnvironment().getRequiredProperty("local.server.port"));
        return TestClient.get(port, path)
                .header("Last-Event-ID", lastEventId)
                .timeout(SOON)
                .open();
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    @DisplayName("serves streams that resume, as its properties say, and ends them when it stops")
    void streams(WebApplicationType type) {
        ConfigurableApplicationContext running = start(type);
        EventSourceServer events = running.getBean(EventSourceServer.class);
        String first = events.emit(Event.of("first"), "a").toCompletableFuture().join();
        events.emit(Event.of("second"), "a");
        try (TestClient client = open(running, "/topics/a", first)) {
            assertEquals(200, client.status());
            assertEquals(Optional.of("resumed"), client.header("EventSource-Resume"));
            assertEquals("second", client.next().data());
            try (TestClient fresh = open(running, "/topics/a", "")) {
                assertEquals("hello", fresh.next().type());
                running.close();
                assertEquals(TestClient.End.CLEAN, fresh.awaitEnd(SOON));
                assertEquals(TestClient.End.CLEAN, client.awaitEnd(SOON));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    @DisplayName("serves what is published, with its own mapper, and has meters")
    void publishers(WebApplicationType type) {
        ConfigurableApplicationContext running = start(type);
        try (TestClient client = open(running, "/flux", "")) {
            assertEquals(TestClient.End.CLEAN, client.awaitEnd(SOON));
            assertEquals(
                    List.of("{\"name\":\"a\"}", "{\"name\":\"b\"}"),
                    client.drain().stream()
                            .filter(event -> event.type().equals("named"))
                            .map(event -> event.data())
                            .toList());
        }
        assertTrue(running.getBean(MeterRegistry.class).getMeters().stream()
                .anyMatch(meter -> meter.getId().getName().equals("sse.connections")));
    }
}
