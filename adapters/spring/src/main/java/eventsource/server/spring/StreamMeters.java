package eventsource.server.spring;

import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.Figures;
import eventsource.server.Resume;
import eventsource.server.StreamEnd;
import eventsource.server.StreamListener;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The figures of the application's server under the names by which such figures are commonly known. Labels are why a stream
 * ended and how it went on, and so have few values.
 */
final class StreamMeters implements MeterBinder, StreamListener {

    private final Supplier<@Nullable EventSourceServer> server;
    private final Map<StreamEnd, LongAdder> ends = new EnumMap<>(StreamEnd.class);
    private final Map<Resume.Outcome, LongAdder> outcomes = new EnumMap<>(Resume.Outcome.class);

    StreamMeters(Supplier<@Nullable EventSourceServer> server) {
        this.server = server;
        for (StreamEnd end : StreamEnd.values()) {
            ends.put(end, new LongAdder());
        }
        for (Resume.Outcome outcome : Resume.Outcome.values()) {
            outcomes.put(outcome, new LongAdder());
        }
    }

    @Override
    public void opened(EventStream stream) {
        add(outcomes.get(stream.resume().outcome()));
    }

    @Override
    public void closed(EventStream stream, StreamEnd end) {
        add(ends.get(end));
    }

    private static void add(@Nullable LongAdder count) {
        if (count != null) {
            count.increment();
        }
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, "sse.connections", "streams that are open", Figures::streams);
        gauge(registry, "sse.journal.events", "events that are retained", Figures::retainedEvents);
        gauge(registry, "sse.journal.bytes", "what they take", Figures::retainedBytes);
        count(registry, "sse.connections.opened", "streams that were opened", Figures::opened);
        count(registry, "sse.connections.lagged", "how often a stream fell too far behind", Figures::lagged);
        count(registry, "sse.events.published", "events that were emitted", Figures::emitted);
        count(registry, "sse.events.sent", "events that were sent, each once per stream", Figures::delivered);
        count(registry, "sse.bytes.sent", "bytes that were sent", Figures::bytes);
        ends.forEach((end, count) -> count(registry, "sse.connections.closed", "reason", end.name(), count));
        outcomes.forEach((outcome, count) -> count(registry, "sse.resume", "outcome", outcome.name(), count));
    }

    private void gauge(MeterRegistry registry, String name, String what, ToDoubleFunction<Figures> figure) {
        Gauge.builder(name, this, meters -> meters.now(figure))
                .description(what)
                .register(registry);
    }

    private void count(MeterRegistry registry, String name, String what, ToDoubleFunction<Figures> figure) {
        FunctionCounter.builder(name, this, meters -> meters.now(figure))
                .description(what)
                .register(registry);
    }

    private static void count(MeterRegistry registry, String name, String label, String value, LongAdder count) {
        FunctionCounter.builder(name, count, LongAdder::sum)
                .tag(label, value.toLowerCase(Locale.ROOT))
                .register(registry);
    }

    private double now(ToDoubleFunction<Figures> figure) {
        EventSourceServer of = server.get();
        return of == null ? 0 : figure.applyAsDouble(of.figures());
    }
}
