package eventsource.server.interop;

import java.net.URI;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;

/** Spring's WebClient on Reactor Netty, which leaves reconnecting to its user. */
final class SpringWebClient {

    private SpringWebClient() {}

    public static void main(String[] args) throws InterruptedException {
        WebClient client = WebClient.create();
        URI uri = URI.create(args[0]);
        Loop.run(loop -> connect(client, uri, loop));
    }

    private static void connect(WebClient client, URI uri, Loop loop) throws Exception {
        ResponseEntity<Flux<ServerSentEvent<String>>> response = client.get()
                .uri(uri)
                .accept(MediaType.TEXT_EVENT_STREAM)
                .headers(headers -> lastEventId(headers, loop))
                .retrieve()
                .toEntityFlux(new ParameterizedTypeReference<ServerSentEvent<String>>() {})
                .block();
        if (loop.opened(response.getStatusCode().value())) {
            response.getBody().doOnNext(event -> take(event, loop)).blockLast();
        }
    }

    private static void take(ServerSentEvent<String> event, Loop loop) {
        loop.event(event.event(), event.data(), event.id());
        if (event.retry() != null) {
            loop.retry(event.retry().toMillis());
        }
    }

    private static void lastEventId(HttpHeaders headers, Loop loop) {
        if (!loop.lastEventId().isEmpty()) {
            headers.set("Last-Event-ID", loop.lastEventId());
        }
    }
}
