package eventsource.server.spring;

import eventsource.server.EventSourceServer;
import eventsource.server.Figures;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What operators look at, where there is somebody to show it. */
@AutoConfiguration(before = EventSourceAutoConfiguration.class)
class EventSourceActuatorAutoConfiguration {

    /** Whether events are accepted and clients have what is emitted. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
    static class OfHealth {

        @Bean
        @ConditionalOnEnabledHealthIndicator("eventsource")
        @ConditionalOnMissingBean(name = "eventSourceHealthIndicator")
        HealthIndicator eventSourceHealthIndicator(EventSourceServer server) {
            return () -> {
                Figures figures = server.figures();
                Health.Builder health = figures.ready() ? Health.up() : Health.outOfService();
                return health.withDetail("streams", figures.streams())
                        .withDetail("emitted", figures.emitted())
                        .build();
            };
        }
    }

    /** Metrics of the server, for every registry of the application's. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    static class OfMetrics {

        @Bean
        @ConditionalOnMissingBean
        StreamMeters eventSourceMeters(ObjectProvider<EventSourceServer> server) {
            return new StreamMeters(server::getIfUnique);
        }
    }
}
