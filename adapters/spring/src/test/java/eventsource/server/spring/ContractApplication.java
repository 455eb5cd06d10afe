package eventsource.server.spring;

import eventsource.server.spi.HttpManners;
import eventsource.server.testkit.RunningTransport;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers every request as the contract's manners say. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(ContractApplication.Everywhere.class)
class ContractApplication {

    @RestController
    static class Everywhere {

        private final HttpManners manners;

        Everywhere(HttpManners manners) {
            this.manners = manners;
        }

        @RequestMapping("/**")
        HttpManners any() {
            return manners;
        }
    }

    static RunningTransport start(RunningApplication.Stack stack, HttpManners manners) {
        return RunningApplication.start(
                stack,
                context -> context.registerBean(HttpManners.class, () -> manners),
                ContractApplication.class,
                RunningApplication.OPEN,
                "server.shutdown=immediate",
                "server.tomcat.threads.max=20"); // fewer than streams, by far
    }
}
