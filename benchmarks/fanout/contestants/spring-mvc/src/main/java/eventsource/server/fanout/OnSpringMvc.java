package eventsource.server.fanout;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** A broadcast on Spring MVC, on Tomcat. Usage: {@code OnSpringMvc PORT}. */
@RestController
@SpringBootApplication(proxyBeanMethods = false)
public class OnSpringMvc {

    private static final long FOR_EVER = 0;

    private final Set<SseEmitter> streams = ConcurrentHashMap.newKeySet();

    public static void main(String[] args) {
        SpringApplication.run(OnSpringMvc.class, "--server.address=127.0.0.1", "--server.port=" + args[0]);
    }

    @GetMapping("/events")
    public SseEmitter events() {
        SseEmitter stream = new SseEmitter(FOR_EVER);
        stream.onCompletion(() -> streams.remove(stream));
        streams.add(stream);
        return stream;
    }

    @PostMapping("/emit")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    public void emit(@RequestBody String body) {
        body.lines().forEach(line -> streams.forEach(stream -> {
            try {
                stream.send(SseEmitter.event().data(line));
            } catch (IOException gone) {
                streams.remove(stream);
            }
        }));
    }
}
