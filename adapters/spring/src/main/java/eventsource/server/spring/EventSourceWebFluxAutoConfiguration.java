package eventsource.server.spring;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.HandlerResultHandler;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

/** Streams as results of controllers in WebFlux. */
@AutoConfiguration(after = EventSourceAutoConfiguration.class)
@ConditionalOnClass(HandlerResultHandler.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
class EventSourceWebFluxAutoConfiguration {

    @Bean
    StreamResultHandler eventSourceResultHandler(
            Answers answers, ObjectProvider<RequestMappingHandlerMapping> mappings) {
        return new StreamResultHandler(answers, mappings);
    }
}
