package eventsource.server.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.StreamRequest;
import eventsource.server.parser.TestClient;
import eventsource.server.spring.RunningApplication.Stack;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Base64;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@DisplayName("Spring Security in front of streams")
@Timeout(120)
class SecurityTest {

    private static final String BASIC =
            "Basic " + Base64.getEncoder().encodeToString("user:pass".getBytes(StandardCharsets.US_ASCII));

    @Configuration(proxyBeanMethods = false)
    @Import({StreamsApplication.class, Mine.class})
    static class Secured {

        @Bean
        @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
        SecurityFilterChain servlet(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.requestMatchers("/topics/secret")
                            .hasRole("ADMIN")
                            .anyRequest()
                            .authenticated())
                    .httpBasic(Customizer.withDefaults())
                    .build();
        }

        @Bean
        @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
        SecurityWebFilterChain reactive(ServerHttpSecurity http) {
            return http.authorizeExchange(requests -> requests.pathMatchers("/topics/secret")
                            .hasRole("ADMIN")
                            .anyExchange()
                            .authenticated())
                    .httpBasic(Customizer.withDefaults())
                    .build();
        }
    }

    @RestController
    static class Mine {

        @GetMapping("/mine")
        Mono<StreamRequest> mine(Mono<Principal> principal) {
            return principal.map(user -> StreamRequest.of("user/" + user.getName()));
        }

        /** Looks for the user where services do: in the context of whoever subscribes. */
        @GetMapping("/published")
        Flux<Event> published() {
            return ReactiveSecurityContextHolder.getContext()
                    .map(context ->
                            Event.of("for " + context.getAuthentication().getName()))
                    .flux();
        }
    }

    @Test
    @DisplayName("WebFlux: what a method returns is subscribed to as the user who asks")
    void knowsWhoAsks() {
        try (RunningApplication application = RunningApplication.start(
                Stack.WEBFLUX,
                context -> {},
                Secured.class,
                "spring.security.user.name=user",
                "spring.security.user.password=pass")) {
            EventSourceServer events = application.bean(EventSourceServer.class);
            try (TestClient mine = get(application, "/mine");
                    TestClient published = get(application, "/published")) {
                assertEquals(200, mine.status());
                events.emit(Event.of("hers"), "user/other");
                events.emit(Event.of("mine"), "user/user");
                assertEquals("mine", mine.next().data());
                assertEquals("for user", published.next().data());
            }
        }
    }

    private static TestClient get(RunningApplication application, String path) {
        return TestClient.get(application.port(), path)
                .header("Authorization", BASIC)
                .open();
    }

    @ParameterizedTest
    @EnumSource(Stack.class)
    @DisplayName("answers 401 and 403 before anything is opened, and lets through whom it knows")
    void guards(Stack stack) {
        try (RunningApplication application = RunningApplication.start(
                stack,
                context -> {},
                Secured.class,
                "spring.security.user.name=user",
                "spring.security.user.password=pass")) {
            EventSourceServer events = application.bean(EventSourceServer.class);
            try (TestClient unknown =
                            TestClient.get(application.port(), "/topics/a").open();
                    TestClient forbidden = TestClient.get(application.port(), "/topics/secret")
                            .header("Authorization", BASIC)
                            .open()) {
                assertEquals(401, unknown.status());
                assertEquals(403, forbidden.status());
                assertEquals(0, events.figures().opened(), "nothing may be opened for whoever is not let in");
            }
            try (TestClient client = TestClient.get(application.port(), "/server")
                    .header("Authorization", BASIC)
                    .open()) {
                assertEquals(200, client.status());
                assertEquals(1, client.headers("Cache-Control").size(), "Spring Security has an opinion, too");
                assertEquals(
                        "no-store, no-transform", client.header("Cache-Control").orElseThrow());
                events.emit("for the user");
                assertEquals("for the user", client.next().data());
            }
        }
    }
}
