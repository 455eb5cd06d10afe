package eventsource.server.fanout;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** A broadcast on Spring WebFlux. Usage: {@code OnWebFlux PORT}. */
@RestController
@SpringBootApplication(proxyBeanMethods = false)
public class OnWebFlux {

    private final Sinks.Many<String> events = Sinks.many().multicast().directBestEffort();

    public static void main(String[] args) {
        SpringApplication.run(OnWebFlux.class, "--server.address=127.0.0.1", "--server.port=" + args[0]);
    }

    /** Each stream has a buffer of its own, so that none waits for another. */
    @GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    public Flux<ServerSentEvent<String>> events() {
        return events.asFlux()
                .onBackpressureBuffer()
                .map(line -> ServerSentEvent.builder(line).build());
    }

    @PostMapping("/emit")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    public void emit(@RequestBody String body) {
        body.lines().forEach(events::tryEmitNext);
    }
}
