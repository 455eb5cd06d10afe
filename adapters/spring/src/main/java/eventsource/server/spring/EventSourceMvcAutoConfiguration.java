package eventsource.server.spring;

import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Streams as return values of controllers in MVC. */
@AutoConfiguration(after = EventSourceAutoConfiguration.class)
@ConditionalOnClass(RequestMappingHandlerAdapter.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
class EventSourceMvcAutoConfiguration {

    @Bean
    StreamReturnValueHandler eventSourceReturnValueHandler(
            Answers answers, ObjectProvider<RequestMappingHandlerMapping> mappings) {
        return new StreamReturnValueHandler(answers, mappings);
    }

    /** Those that are added in the ordinary way come after the ones that write whatever is a response body. */
    @Bean
    SmartInitializingSingleton eventSourceComesFirst(
            StreamReturnValueHandler streams, ObjectProvider<RequestMappingHandlerAdapter> adapters) {
        return () -> adapters.forEach(adapter -> {
            List<HandlerMethodReturnValueHandler> handlers = new ArrayList<>(List.of(streams));
            List<HandlerMethodReturnValueHandler> others = adapter.getReturnValueHandlers();
            if (others != null) {
                handlers.addAll(others);
            }
            adapter.setReturnValueHandlers(handlers);
        });
    }
}
