package eventsource.server.spring;

import eventsource.server.testkit.RunningTransport;
import java.util.ArrayList;
import java.util.List;
import org.apache.catalina.connector.Connector;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.boot.web.server.reactive.ReactiveWebServerFactory;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** A Spring Boot application on a free port of 127.0.0.1. */
record RunningApplication(ConfigurableApplicationContext context) implements RunningTransport {

    /** As a property: without Spring Security, which is on the class path of the tests. */
    static final String OPEN = "spring.autoconfigure.exclude="
            + String.join(
                    ",",
                    List.of(
                            "org.springframework.boot.security.autoconfigure.ReactiveUserDetailsServiceAutoConfiguration",
                            "org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration",
                            "org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration",
                            "org.springframework.boot.security.autoconfigure.actuate.web.reactive.ReactiveManagementWebSecurityAutoConfiguration",
                            "org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration",
                            "org.springframework.boot.security.autoconfigure.rsocket.RSocketSecurityAutoConfiguration",
                            "org.springframework.boot.security.autoconfigure.web.reactive.ReactiveWebSecurityAutoConfiguration",
                            "org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration",
                            "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration"));

    /** The two stacks, each on its usual host. */
    enum Stack {
        MVC(WebApplicationType.SERVLET),
        WEBFLUX(WebApplicationType.REACTIVE);

        private final WebApplicationType type;

        Stack(WebApplicationType type) {
            this.type = type;
        }
    }

    /**
     * Starts an application.
     *
     * @param stack what it runs on
     * @param beans adds what is not found by itself
     * @param source its configuration
     * @param properties as in application.properties
     */
    static RunningApplication start(
            Stack stack,
            ApplicationContextInitializer<GenericApplicationContext> beans,
            Class<?> source,
            String... properties) {
        List<String> all = new ArrayList<>(List.of(
                "server.port=0",
                "server.tomcat.processor-cache=20", // as below; Boot's own default would count after that
                "server.address=127.0.0.1",
                "spring.main.banner-mode=off",
                "logging.level.root=ERROR"));
        all.addAll(List.of(properties));
        return new RunningApplication(new SpringApplicationBuilder(source)
                .web(stack.type)
                .initializers((GenericApplicationContext context) -> {
                    if (stack == Stack.WEBFLUX) { // both hosts are on the class path of the tests
                        context.registerBean(ReactiveWebServerFactory.class, () -> netty(context));
                    }
                    if (stack == Stack.MVC) {
                        context.registerBean(TomcatConnectorCustomizer.class, () -> RunningApplication::bound);
                    }
                    beans.initialize(context);
                })
                .properties(all.toArray(String[]::new))
                .run());
    }

    private static NettyReactiveWebServerFactory netty(GenericApplicationContext context) {
        NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory();
        context.getBeanProvider(NettyServerCustomizer.class).forEach(factory::addServerCustomizers);
        return factory;
    }

    private static void bound(Connector connector) {
        // The system would take more of who takes nothing whenever it looks again whether he does.
        connector.setProperty("socket.txBufSize", "65536");
        // What it keeps for later connections would look as if it were left of earlier ones.
        connector.setProperty("socket.processorCache", "20");
        connector.setProperty("socket.bufferPool", "20");
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public int port() {
        return Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
    }

    @Override
    public void close() {
        context.close();
    }
}
