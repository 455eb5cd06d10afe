package eventsource.server.spring;

import eventsource.server.spi.HttpAnswer;
import eventsource.server.spi.HttpRequest;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.HandlerResult;
import org.springframework.web.reactive.HandlerResultHandler;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * WebFlux: answers requests whose controller method returns a stream, and preflights for them where pages of other origins may
 * read. No codec and no message writer has a part in it.
 */
final class StreamResultHandler implements HandlerResultHandler, HandlerMapping, Ordered {

    private final Answers answers;
    private final ObjectProvider<RequestMappingHandlerMapping> mappings;

    StreamResultHandler(Answers answers, ObjectProvider<RequestMappingHandlerMapping> mappings) {
        this.answers = answers;
        this.mappings = mappings;
    }

    /** Before those that would write the result as some response body, and before those that answer all preflights. */
    @Override
    public int getOrder() {
        return -10;
    }

    @Override
    public boolean supports(HandlerResult result) {
        return Answers.areMeantBy(result.getReturnTypeSource());
    }

    @Override
    public Mono<Void> handleResult(ServerWebExchange exchange, HandlerResult result) {
        return Mono.deferContextual(context -> {
            Object value = within(context, result.getReturnValue());
            return send(exchange, answers.answer(value, result.getReturnTypeSource(), request(exchange)));
        });
    }

    /** What is published, subscribed to in the context of the request: whoever asked is known there, for one. */
    private static @Nullable Object within(ContextView context, @Nullable Object value) {
        if (value instanceof Mono<?> one) {
            return one.contextWrite(context);
        }
        return value instanceof Publisher<?> many ? Flux.from(many).contextWrite(context) : value;
    }

    @Override
    public Mono<Object> getHandler(ServerWebExchange exchange) {
        if (!CorsUtils.isPreFlightRequest(exchange.getRequest()) || !leadsToStream(exchange)) {
            return Mono.empty();
        }
        HttpAnswer answer = answers.manners()
                .answer(request(exchange))
                .toCompletableFuture()
                .getNow(null);
        if (answer == null || !Answers.isReadable(answer)) {
            return Mono.empty();
        }
        begin(exchange.getResponse(), answer); // and that is all of it: of preflights no handler is called
        return Mono.just((WebHandler) asked -> Mono.empty());
    }

    private boolean leadsToStream(ServerWebExchange exchange) {
        return mappings.stream()
                .flatMap(mapping -> mapping.getHandlerMethods().entrySet().stream())
                .anyMatch(mapped -> Answers.areMeantBy(mapped.getValue().getReturnType())
                        && mapped.getKey().getMatchingCondition(exchange) != null);
    }

    private static HttpRequest request(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        Map<String, List<String>> headers = new HashMap<>();
        HttpHeaders said = exchange.getResponse().getHeaders();
        boolean admitted = said.getAccessControlAllowOrigin() != null;
        if (admitted) {
            said.add(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, Answers.RESUME);
        }
        request.getHeaders().forEach((name, values) -> {
            if (!admitted || !Answers.tellsOfPage(name)) {
                headers.put(name, values);
            }
        });
        URI uri = request.getURI();
        String query = uri.getRawQuery();
        ReactorConnection connection = ReactorConnection.of(exchange);
        HttpRequest asked = HttpRequest.of(
                request.getMethod().name(),
                query == null ? uri.getRawPath() : uri.getRawPath() + "?" + query,
                headers,
                isLoopback(connection.acceptedOn(request.getLocalAddress())));
        return connection.drains(asked);
    }

    private static boolean isLoopback(@Nullable SocketAddress accepted) {
        return !(accepted instanceof InetSocketAddress internet)
                || (internet.getAddress() != null && internet.getAddress().isLoopbackAddress());
    }

    private static Mono<Void> send(ServerWebExchange exchange, CompletionStage<HttpAnswer> answer) {
        AtomicBoolean begun =
                new AtomicBoolean(); // by who sends the answer, or who knows that it is not wanted any more
        return Mono.fromFuture(answer.toCompletableFuture(), /* suppressCancel= */ true)
                .doOnCancel(() -> answer.thenAccept(unwanted -> {
                    if (begun.compareAndSet(false, true) && unwanted instanceof HttpAnswer.Streaming streaming) {
                        streaming.stream().end();
                    }
                }))
                .filter(given -> begun.compareAndSet(false, true))
                .flatMap(given -> given instanceof HttpAnswer.Streaming streaming
                        ? stream(exchange, streaming)
                        : send(exchange.getResponse(), (HttpAnswer.Whole) given));
    }

    private static Mono<Void> stream(ServerWebExchange exchange, HttpAnswer.Streaming answer) {
        ServerHttpResponse response = exchange.getResponse();
        begin(response, answer);
        ReactorConnection connection = ReactorConnection.of(exchange);
        connection.prepareForStream();
        StreamBody body = new StreamBody(answer.stream(), response.bufferFactory(), connection);
        return Mono.firstWithSignal(response.writeAndFlushWith(body.elements()), body.aborted())
                .doFinally(how -> answer.stream().end()); // also where the head could not be sent
    }

    private static Mono<Void> send(ServerHttpResponse response, HttpAnswer.Whole answer) {
        begin(response, answer);
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        if (body.length == 0) {
            return response.setComplete();
        }
        response.getHeaders().setContentLength(body.length);
        return response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
    }

    private static void begin(ServerHttpResponse response, HttpAnswer answer) {
        response.setStatusCode(HttpStatusCode.valueOf(answer.status()));
        answer.headers().forEach(response.getHeaders()::set);
    }
}
