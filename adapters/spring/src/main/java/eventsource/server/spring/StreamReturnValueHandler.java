package eventsource.server.spring;

import eventsource.server.servlet.EventSourceServlet;
import eventsource.server.spi.HttpAnswer;
import eventsource.server.spi.HttpRequest;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.filter.ShallowEtagHeaderFilter;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * MVC: answers requests whose controller method returns a stream, and preflights for them where pages of other origins may
 * read. The container's asynchronous requests are used without Spring's, which would dispatch the request again at its end.
 */
final class StreamReturnValueHandler implements HandlerMethodReturnValueHandler, HandlerMapping, Ordered {

    private final Answers answers;
    private final ObjectProvider<RequestMappingHandlerMapping> mappings;

    StreamReturnValueHandler(Answers answers, ObjectProvider<RequestMappingHandlerMapping> mappings) {
        this.answers = answers;
        this.mappings = mappings;
    }

    /** Before those that answer all preflights. */
    @Override
    public int getOrder() {
        return -10;
    }

    @Override
    public boolean supportsReturnType(MethodParameter returned) {
        return Answers.areMeantBy(returned);
    }

    @Override
    public void handleReturnValue(
            @Nullable Object value, MethodParameter returned, ModelAndViewContainer view, NativeWebRequest asked)
            throws IOException {
        view.setRequestHandled(true);
        HttpServletRequest request = native_(asked.getNativeRequest(HttpServletRequest.class));
        HttpServletResponse response = native_(asked.getNativeResponse(HttpServletResponse.class));
        ShallowEtagHeaderFilter.disableContentCaching(request); // which would wait for the end of the stream
        EventSourceServlet.answer(
                containers(request), response, answers.answer(value, returned, request(request, response)));
    }

    private static <T> T native_(@Nullable T object) {
        if (object == null) {
            throw new IllegalStateException("a stream is served to requests of HTTP alone");
        }
        return object;
    }

    /** Without what filters have put around it: the container's own is told how to cut off a stream. */
    private static HttpServletRequest containers(HttpServletRequest request) {
        ServletRequest inner = request;
        while (inner instanceof ServletRequestWrapper wrapper) {
            inner = wrapper.getRequest();
        }
        return inner instanceof HttpServletRequest http ? http : request;
    }

    private static HttpRequest request(HttpServletRequest request, HttpServletResponse response) {
        boolean admitted = response.getHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN) != null;
        if (admitted) {
            response.addHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, Answers.RESUME);
        }
        return EventSourceServlet.request(admitted ? new OfNoPage(request) : request);
    }

    /** A request of a page of which Spring's own settings have said that it may read. */
    private static final class OfNoPage extends HttpServletRequestWrapper {

        OfNoPage(HttpServletRequest request) {
            super(request);
        }

        @Override
        public Enumeration<String> getHeaderNames() {
            return Collections.enumeration(Collections.list(super.getHeaderNames()).stream()
                    .filter(name -> !Answers.tellsOfPage(name))
                    .toList());
        }
    }

    @Override
    public @Nullable HandlerExecutionChain getHandler(HttpServletRequest request) {
        if (!CorsUtils.isPreFlightRequest(request) || !leadsToStream(request)) {
            return null;
        }
        HttpAnswer answer = answers.manners()
                .answer(EventSourceServlet.request(request))
                .toCompletableFuture()
                .getNow(null);
        if (answer == null || !Answers.isReadable(answer)) {
            return null;
        }
        HttpRequestHandler handler =
                (asked, response) -> EventSourceServlet.answer(containers(asked), response, answer);
        return new HandlerExecutionChain(handler);
    }

    private boolean leadsToStream(HttpServletRequest request) {
        return mappings.stream()
                .flatMap(mapping -> mapping.getHandlerMethods().entrySet().stream())
                .anyMatch(mapped -> Answers.areMeantBy(mapped.getValue().getReturnType())
                        && mapped.getKey().getMatchingCondition(request) != null);
    }
}
