package eventsource.server.spring;

import eventsource.server.Event;
import java.util.Objects;
import java.util.function.Function;

/**
 * Makes events whose data is JSON, written by the application's own mapper, so that dates, names and modules are those of all
 * its responses:
 *
 * <pre>{@code
 * events.emit(json.event("price", new Price("ACME", 12.5)), "prices");
 * }</pre>
 *
 * <p>A bean where the application has a {@code JsonMapper} of Jackson 3, or an {@code ObjectMapper} of Jackson 2. Safe for use by
 * any number of threads.
 */
public final class JsonEvents {

    private final Function<Object, String> mapper;

    /**
     * For another mapper than those that are found by themselves.
     *
     * @param mapper writes an object as JSON; what it throws, whoever asks for an event gets
     */
    public JsonEvents(Function<Object, String> mapper) {
        this.mapper = Objects.requireNonNull(mapper, "mapper");
    }

    /**
     * An event of the type {@code message}.
     *
     * @param data any object that the mapper can write
     * @return an event with the object as its data
     */
    public Event event(Object data) {
        return Event.of(mapper.apply(data));
    }

    /**
     * An event with a type.
     *
     * @param type one line, not empty; not {@code open} or {@code error}
     * @param data any object that the mapper can write
     * @return an event with the object as its data
     */
    public Event event(String type, Object data) {
        return Event.of(type, mapper.apply(data));
    }
}
