package eventsource.server.spring;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.StreamRequest;
import eventsource.server.spi.HttpRefusal;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Everything that a controller may return. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(StreamsApplication.Streams.class)
class StreamsApplication {

    /** What its publishers were asked for. */
    @Bean
    Asked asked() {
        return new Asked(new AtomicLong(), new AtomicInteger(), new AtomicInteger());
    }

    record Asked(AtomicLong events, AtomicInteger subscriptions, AtomicInteger cancellations) {}

    record Price(String name, double price) {}

    @RestController
    static class Streams {

        private static final String LARGE = "x".repeat(60_000);

        private final EventSourceServer events;
        private final EventSourceServer other = EventSourceServer.create();
        private final JsonEvents json;
        private final Asked asked;

        Streams(EventSourceServer events, JsonEvents json, Asked asked) {
            this.events = events;
            this.json = json;
            this.asked = asked;
        }

        @GetMapping("/topics/{topic}")
        StreamRequest topic(@PathVariable("topic") String topic) {
            return StreamRequest.of(topic);
        }

        @CrossOrigin("https://spring.example")
        @GetMapping("/cross")
        StreamRequest cross() {
            return StreamRequest.own();
        }

        @GetMapping("/server")
        EventSourceServer server() {
            return events;
        }

        @GetMapping("/later")
        Mono<StreamRequest> later() {
            return Mono.just(StreamRequest.of("a"));
        }

        @GetMapping("/opened")
        CompletionStage<EventStream> opened() {
            other.emit("before");
            return other.open(StreamRequest.own().fromEarliest());
        }

        @GetMapping("/absent")
        @Nullable
        StreamRequest absent() {
            return null;
        }

        @GetMapping("/absent-later")
        Mono<EventStream> absentLater() {
            return Mono.empty();
        }

        @GetMapping("/refused")
        CompletionStage<StreamRequest> refused() {
            return CompletableFuture.failedFuture(new HttpRefusal(410, "gone"));
        }

        @GetMapping("/failed-later")
        Mono<StreamRequest> failedLater() {
            return Mono.error(new IllegalArgumentException("of the application alone"));
        }

        @GetMapping("/flux")
        Flux<Event> flux() {
            return Flux.range(1, 100).map(i -> Event.of("tick", "event " + i).withId("id" + i));
        }

        @GetMapping("/flow")
        Flow.Publisher<Event> flow() {
            return JdkFlowAdapter.publisherToFlowPublisher(flux());
        }

        @GetMapping("/publisher")
        Publisher<Event> publisher() {
            return flux();
        }

        @GetMapping("/failing")
        Flux<Event> failing() {
            return Flux.concat(flux(), Flux.error(new IllegalStateException("as the test wants it")));
        }

        @GetMapping("/endless")
        Flux<Event> endless() {
            return Flux.<Event>generate(sink -> sink.next(Event.of(LARGE)))
                    .doOnRequest(n -> asked.events.addAndGet(n))
                    .doOnSubscribe(s -> asked.subscriptions.incrementAndGet())
                    .doOnCancel(asked.cancellations::incrementAndGet);
        }

        @GetMapping("/silent")
        Flux<Event> silent() {
            return Flux.<Event>never()
                    .doOnSubscribe(s -> asked.subscriptions.incrementAndGet())
                    .doOnCancel(asked.cancellations::incrementAndGet);
        }

        @GetMapping("/json")
        Flux<Event> json() {
            return Flux.just(new Price("ACME", 12.5)).map(price -> json.event("price", price));
        }

        /** Not an event: Spring's own affair. */
        @GetMapping("/plain")
        Map<String, String> plain() {
            return Map.of("a", "b");
        }
    }
}
