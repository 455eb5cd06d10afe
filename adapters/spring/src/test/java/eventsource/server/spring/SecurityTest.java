package eventsource.server.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import eventsource.server.EventSourceServer;
import eventsource.server.parser.TestClient;
import eventsource.server.spring.RunningApplication.Stack;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.DisplayName;
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
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;

@DisplayName("Spring Security in front of streams")
@Timeout(120)
class SecurityTest {

    @Configuration(proxyBeanMethods = false)
    @Import(StreamsApplication.class)
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

    @ParameterizedTest
    @EnumSource(Stack.class)
    @DisplayName("answers 401 and 403 before anything is opened, and lets through whom it knows")
    void guards(Stack stack) {
        String basic = "Basic " + Base64.getEncoder().encodeToString("user:pass".getBytes(StandardCharsets.US_ASCII));
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
                            .header("Authorization", basic)
                            .open()) {
                assertEquals(401, unknown.status());
                assertEquals(403, forbidden.status());
                assertEquals(0, events.figures().opened(), "nothing may be opened for whoever is not let in");
            }
            try (TestClient client = TestClient.get(application.port(), "/server")
                    .header("Authorization", basic)
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
