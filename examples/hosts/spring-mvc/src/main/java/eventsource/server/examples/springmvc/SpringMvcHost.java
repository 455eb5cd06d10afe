package eventsource.server.examples.springmvc;

import eventsource.server.examples.Host;
import eventsource.server.examples.Site;
import eventsource.server.servlet.EventSourceServlet;
import eventsource.server.spi.HttpAnswer;
import eventsource.server.spi.HttpManners;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.BindException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/** Spring MVC, on Tomcat. */
public final class SpringMvcHost implements Host {

    @Override
    public String name() {
        return "spring-mvc";
    }

    @Override
    public Runnable serve(Site site, int port) throws IOException {
        try {
            return new SpringApplicationBuilder(Application.class)
                    .web(WebApplicationType.SERVLET)
                    .initializers((GenericApplicationContext context) -> context.registerBean(Site.class, () -> site))
                    .registerShutdownHook(false)
                    .properties(
                            "server.address=127.0.0.1",
                            "server.port=" + port,
                            "spring.main.banner-mode=off",
                            "logging.level.root=OFF")
                    .run()::close;
        } catch (ApplicationContextException failed) {
            if (failed.contains(PortInUseException.class)) {
                throw (IOException) new BindException(failed.getMessage()).initCause(failed);
            }
            throw failed;
        }
    }

    /** The streams of a site from a controller, the rest from a function. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Streams.class)
    static class Application {

        @Bean
        RouterFunction<ServerResponse> others(Site site) {
            return RouterFunctions.route(
                    request -> site.stream(EventSourceServlet.request(request.servletRequest())) == null,
                    request -> ServerResponse.async(answer(site, request)
                            .thenApply(Application::response)
                            .toCompletableFuture()));
        }

        private static CompletionStage<HttpAnswer.Whole> answer(Site site, ServerRequest request) throws IOException {
            byte[] body = request.servletRequest().getInputStream().readNBytes(Site.MAX_BODY + 1);
            if (body.length > Site.MAX_BODY) {
                return CompletableFuture.completedStage(Site.tooLarge());
            }
            return site.answer(EventSourceServlet.request(request.servletRequest()), body);
        }

        private static ServerResponse response(HttpAnswer.Whole answer) {
            return ServerResponse.status(answer.status())
                    .headers(headers -> answer.headers().forEach(headers::set))
                    .body(answer.body());
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
        HttpManners stream(HttpServletRequest request) {
            return site.stream(EventSourceServlet.request(request));
        }
    }
}
