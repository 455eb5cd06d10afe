package eventsource.server.spring;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.EventStream;
import eventsource.server.StreamRequest;
import eventsource.server.spi.HttpAnswer;
import eventsource.server.spi.HttpManners;
import eventsource.server.spi.HttpRefusal;
import eventsource.server.spi.HttpRequest;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.FlowAdapters;
import org.springframework.core.MethodParameter;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import reactor.core.publisher.Mono;

/**
 * What a request is answered whose controller method has returned a stream, or what a stream is made of. Alike for Spring MVC
 * and for WebFlux.
 *
 * <p>Safe for use by any number of threads.
 */
final class Answers {

    /** Pages of other origins may read this, too. */
    static final String RESUME = "EventSource-Resume";

    private static final Set<Class<?>> STREAMS =
            Set.of(HttpManners.class, StreamRequest.class, EventStream.class, EventSourceServer.class);

    private final EventSourceServer server;
    private final HttpManners manners;
    private final OpenStreams open;
    private final int maxStreams;
    private final Function<Flow.Publisher<Event>, PublishedEvents> publishing;

    Answers(
            EventSourceServer server,
            HttpManners manners,
            OpenStreams open,
            int maxStreams,
            Function<Flow.Publisher<Event>, PublishedEvents> publishing) {
        this.server = server;
        this.manners = manners;
        this.open = open;
        this.maxStreams = maxStreams;
        this.publishing = publishing;
    }

    /** How requests are answered that no method has to be asked about. */
    HttpManners manners() {
        return manners;
    }

    /** Whether a page of another origin may read the answer. */
    static boolean isReadable(HttpAnswer answer) {
        return answer.headers().containsKey("Access-Control-Allow-Origin");
    }

    /** Whether a header is what a page is known by. It does not count where Spring's own settings have said that it may read. */
    static boolean tellsOfPage(String header) {
        return header.equalsIgnoreCase("Origin") || header.equalsIgnoreCase("Sec-Fetch-Site");
    }

    /** Whether what a method returns is answered here, by the type that it declares. */
    static boolean areMeantBy(MethodParameter returned) {
        ResolvableType type = ResolvableType.forMethodParameter(returned);
        Class<?> item = item(type);
        return isStream(type.toClass()) || isStream(item) || (item == Event.class && !isStage(type));
    }

    private static boolean isStream(Class<?> type) {
        return STREAMS.stream().anyMatch(stream -> stream.isAssignableFrom(type));
    }

    private static boolean isStage(ResolvableType type) {
        return CompletionStage.class.isAssignableFrom(type.toClass());
    }

    /** The type of what is published or comes later; {@code Void} if it is not known. */
    private static Class<?> item(ResolvableType type) {
        if (isStage(type)) {
            return type.as(CompletionStage.class).getGeneric().resolve(Void.class);
        }
        if (Flow.Publisher.class.isAssignableFrom(type.toClass())) {
            return type.as(Flow.Publisher.class).getGeneric().resolve(Void.class);
        }
        boolean published = ReactiveAdapterRegistry.getSharedInstance().getAdapter(type.toClass()) != null;
        return published ? type.getGeneric().resolve(Void.class) : Void.class;
    }

    /**
     * Answers a request.
     *
     * @param value what the method returned; null for no such stream
     * @param returned its return type
     * @param request the request
     * @return completes with the answer; never fails
     */
    CompletionStage<HttpAnswer> answer(@Nullable Object value, MethodParameter returned, HttpRequest request) {
        if (value instanceof HttpManners own) {
            CompletionStage<HttpAnswer> answer = own.answer(request);
            return own == manners ? answer : answer.thenApply(given -> noted(given, own.server()));
        }
        if (value instanceof StreamRequest wanted) {
            return manners.with(any -> CompletableFuture.completedStage(wanted), server::open)
                    .answer(request);
        }
        if (value != null && item(ResolvableType.forMethodParameter(returned)) == Event.class) {
            return answerPublished(flow(value), request);
        }
        CompletionStage<?> later = value instanceof CompletionStage<?> stage ? stage : single(value);
        return answerLater(later.handle(Answers::given), request);
    }

    /** What fails there, fails in the application: nothing of it is for the client, unless it is meant to be. */
    private static @Nullable Object given(@Nullable Object value, @Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof HttpRefusal refusal) {
            throw refusal;
        }
        if (cause != null) {
            throw new IllegalStateException("what a controller has returned has failed", cause);
        }
        return value;
    }

    private CompletionStage<HttpAnswer> answerPublished(Flow.Publisher<Event> source, HttpRequest request) {
        if (open.count() >= maxStreams) {
            return CompletableFuture.completedStage(manners.overloaded(request, "too many streams of publishers"));
        }
        PublishedEvents published = publishing.apply(source);
        return manners.with(
                        any -> CompletableFuture.completedStage(StreamRequest.own()),
                        wanted -> noted(published.open(wanted), published.server()))
                .answer(request);
    }

    private CompletionStage<HttpAnswer> answerLater(CompletionStage<?> later, HttpRequest request) {
        return manners.with(
                        any -> later.thenApply(Answers::wanted), wanted -> later.thenCompose(of -> open(of, wanted)))
                .answer(request)
                .thenApply(answer -> {
                    if (answer instanceof HttpAnswer.Whole) {
                        later.thenAccept(Answers::end); // a stream that its client will not be given
                    }
                    return answer;
                });
    }

    private static StreamRequest wanted(@Nullable Object value) {
        if (value == null) {
            throw new HttpRefusal(404, "There is no such stream.");
        }
        return value instanceof StreamRequest wanted ? wanted : StreamRequest.own();
    }

    private CompletionStage<EventStream> open(Object value, StreamRequest wanted) {
        if (value instanceof EventStream stream) {
            return noted(CompletableFuture.completedStage(stream), null);
        }
        return value instanceof EventSourceServer other && other != server
                ? noted(other.open(wanted), other)
                : server.open(wanted);
    }

    /** So that it ends with the application, whoever has opened it. */
    private CompletionStage<EventStream> noted(CompletionStage<EventStream> opened, @Nullable EventSourceServer of) {
        return opened.thenApply(stream -> open.add(stream, of));
    }

    private static void end(@Nullable Object value) {
        if (value instanceof EventStream stream) {
            stream.end();
        }
    }

    private HttpAnswer noted(HttpAnswer answer, EventSourceServer of) {
        return answer instanceof HttpAnswer.Streaming streaming
                ? new HttpAnswer.Streaming(streaming.headers(), open.add(streaming.stream(), of))
                : answer;
    }

    private static CompletionStage<?> single(@Nullable Object value) {
        ReactiveAdapter adapter = value == null
                ? null
                : ReactiveAdapterRegistry.getSharedInstance().getAdapter(value.getClass());
        return adapter == null
                ? CompletableFuture.completedStage(value)
                : Mono.from(adapter.toPublisher(value)).toFuture();
    }

    @SuppressWarnings("unchecked") // by the type that the method declares
    private static Flow.Publisher<Event> flow(Object value) {
        if (value instanceof Flow.Publisher<?> publisher) {
            return (Flow.Publisher<Event>) publisher;
        }
        ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(value.getClass());
        if (adapter == null) {
            throw new IllegalStateException(value.getClass().getName()
                    + " is no publisher that Spring knows; return a Flow.Publisher, a Publisher or a Flux");
        }
        return FlowAdapters.toFlowPublisher(adapter.<Event>toPublisher(value));
    }
}
