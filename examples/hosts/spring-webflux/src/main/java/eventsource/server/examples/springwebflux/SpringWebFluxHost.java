package eventsource.server.examples.springwebflux;

import eventsource.server.examples.Host;
import eventsource.server.examples.Site;
import eventsource.server.spi.HttpAnswer;
import eventsource.server.spi.HttpManners;
import eventsource.server.spi.HttpRequest;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ApplicationContextException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Spring WebFlux, on Reactor Netty. */
public final class SpringWebFluxHost implements Host {

    @Override
    public String name() {
        return "spring-webflux";
    }

    @Override
    public Runnable serve(Site site, int port) throws IOException {
        try {
            return new SpringApplicationBuilder(Application.class)
                    .web(WebApplicationType.REACTIVE)
                    .initializers((GenericApplicationContext context) -> context.registerBean(Site.class, () -> site))
                    .registerShutdownHook(false)
                    .properties(
                            "server.address=127.0.0.1",
                            "server.port=" + port,
                            "spring.main.banner-mode=off",
                            "spring.http.codecs.max-in-memory-size=1MB",
                            "logging.level.root=OFF")
                    .run()::close;
        } catch (ApplicationContextException failed) {
            if (failed.contains(PortInUseException.class)) {
                throw (IOException) new BindException(failed.getMessage()).initCause(failed);
            }
            throw failed;
        }
    }

    private static HttpRequest request(ServerHttpRequest request) {
        URI uri = request.getURI();
        String query = uri.getRawQuery();
        return HttpRequest.of(
                request.getMethod().name(),
                query == null ? uri.getRawPath() : uri.getRawPath() + "?" + query,
                name -> request.getHeaders().getOrEmpty(name),
                /* loopback= */ true);
    }

    /** The streams of a site from a controller, the rest from a function. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Streams.class)
    static class Application {

        @Bean
        RouterFunction<ServerResponse> others(Site site) {
            return RouterFunctions.route(
                    request -> site.stream(request(request.exchange().getRequest())) == null,
                    request -> answer(site, request).flatMap(Application::response));
        }

        private static Mono<HttpAnswer.Whole> answer(Site site, ServerRequest request) {
            HttpRequest asked = request(request.exchange().getRequest());
            return request.bodyToMono(byte[].class)
                    .defaultIfEmpty(new byte[0])
                    .flatMap(body -> Mono.fromCompletionStage(site.answer(asked, body)))
                    .onErrorReturn(DataBufferLimitException.class, Site.tooLarge());
        }

        private static Mono<ServerResponse> response(HttpAnswer.Whole answer) {
            return ServerResponse.status(answer.status())
                    .headers(headers -> answer.headers().forEach(headers::set))
                    .bodyValue(answer.body());
        }
    }

    /** A stream for every path that has one. */
    @RestController
    static class Streams {

        private final Site site;

        Streams(Site site) {
            this.site = site;
        }

        @RequestMapping("/**")
        @Nullable
        HttpManners stream(ServerHttpRequest request) {
            return site.stream(request(request));
        }
    }
}
