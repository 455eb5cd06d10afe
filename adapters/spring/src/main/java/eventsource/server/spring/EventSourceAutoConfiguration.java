package eventsource.server.spring;

import eventsource.server.EventSourceServer;
import eventsource.server.EventSourceServerBuilder;
import eventsource.server.StreamListener;
import eventsource.server.spi.EventLog;
import eventsource.server.spi.HttpManners;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.core.env.Environment;
import org.springframework.util.MimeType;

/** The server, how its streams are served, and their end. */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
            "org.springframework.boot.autoconfigure.jackson.JacksonAutoConfiguration"
        })
@EnableConfigurationProperties(EventSourceProperties.class)
class EventSourceAutoConfiguration {

    /** A builder with the application's properties, for the server and for whoever makes more of them. */
    @Bean
    @Scope("prototype")
    @ConditionalOnMissingBean
    EventSourceServerBuilder eventSourceServerBuilder(
            EventSourceProperties properties, ObjectProvider<StreamListener> listeners) {
        EventSourceServerBuilder builder = properties.apply(EventSourceServer.builder());
        return builder.listener(new Listeners(listeners.orderedStream().toList()));
    }

    @Bean
    @ConditionalOnMissingBean
    EventSourceServer eventSourceServer(EventSourceServerBuilder builder, ObjectProvider<EventLog> log) {
        log.ifUnique(builder::log); // of this server alone: all on one log have the same events
        return builder.build();
    }

    @Bean
    @ConditionalOnMissingBean
    HttpManners eventSourceManners(EventSourceServer server, EventSourceProperties properties) {
        return properties.apply(HttpManners.builder(server)).build();
    }

    @Bean
    OpenStreams eventSourceOpenStreams() {
        return new OpenStreams();
    }

    @Bean
    Answers eventSourceAnswers(
            EventSourceServer server,
            HttpManners manners,
            OpenStreams open,
            EventSourceProperties properties,
            Environment environment) {
        refuseCompression(environment);
        return new Answers(
                server,
                manners,
                open,
                properties.maxStreams(),
                source -> new PublishedEvents(source, properties.applyPace(EventSourceServer.builder())));
    }

    @Bean
    StreamsLifecycle eventSourceLifecycle(
            ObjectProvider<EventSourceServer> servers, OpenStreams open, EventSourceProperties properties) {
        return new StreamsLifecycle(() -> servers.stream().toList(), open, properties.stopWithin());
    }

    /** Compressed, events would wait in the compressor for others. */
    private static void refuseCompression(Environment environment) {
        if (!environment.getProperty("server.compression.enabled", Boolean.class, false)) {
            return;
        }
        MimeType stream = new MimeType("text", "event-stream");
        for (String property : List.of("server.compression.mime-types", "server.compression.additional-mime-types")) {
            Binder.get(environment)
                    .bind(property, Bindable.listOf(String.class))
                    .orElse(List.of())
                    .forEach(type -> {
                        if (MimeType.valueOf(type).includes(stream)) {
                            throw new IllegalStateException(property + " has " + type
                                    + ", so that event streams would be compressed; take it out");
                        }
                    });
        }
    }

    /** The mapper of Spring Boot 4. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(tools.jackson.databind.json.JsonMapper.class)
    static class Jackson3 {

        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnBean(tools.jackson.databind.json.JsonMapper.class)
        JsonEvents eventSourceJson(tools.jackson.databind.json.JsonMapper mapper) {
            return new JsonEvents(mapper::writeValueAsString);
        }
    }

    /** The mapper of Spring Boot 3, and of those who keep it. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(com.fasterxml.jackson.databind.ObjectMapper.class)
    static class Jackson2 {

        @Bean
        @ConditionalOnMissingBean
        @ConditionalOnBean(com.fasterxml.jackson.databind.ObjectMapper.class)
        JsonEvents eventSourceJson2(com.fasterxml.jackson.databind.ObjectMapper mapper) {
            return new JsonEvents(data -> {
                try {
                    return mapper.writeValueAsString(data);
                } catch (com.fasterxml.jackson.core.JsonProcessingException unwritable) {
                    throw new IllegalArgumentException(
                            data.getClass().getName() + " cannot be written as JSON", unwritable);
                }
            });
        }
    }
}
