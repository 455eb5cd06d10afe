package eventsource.server.verification;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.javadsl.JavaFlowSupport;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.FlowAdapters;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the table of the guide to reactive libraries says of how many elements an operator asks for. */
class AskedForTest {

    private static final long ALL = Long.MAX_VALUE;

    /** An operator on a publisher of bytes, and what it asks for at first. */
    record Operator(String name, long asks, Consumer<Flow.Publisher<ByteBuffer>> use) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Operator reactor(String name, long asks, Consumer<Flux<ByteBuffer>> use) {
        return new Operator("Reactor " + name, asks, body -> use.accept(JdkFlowAdapter.flowPublisherToFlux(body)));
    }

    private static Operator rxJava(String name, long asks, Consumer<Flowable<ByteBuffer>> use) {
        return new Operator(
                "RxJava " + name, asks, body -> use.accept(Flowable.fromPublisher(FlowAdapters.toPublisher(body))));
    }

    private static Operator mutiny(String name, long asks, Consumer<Multi<ByteBuffer>> use) {
        return new Operator(
                "Mutiny " + name, asks, body -> use.accept(Multi.createFrom().publisher(body)));
    }

    static List<Operator> operators() {
        List<Operator> all = new ArrayList<>();
        reactor(all);
        rxJava(all);
        mutiny(all);
        return all;
    }

    private static void reactor(List<Operator> all) {
        var parallel = reactor.core.scheduler.Schedulers.parallel();
        all.add(reactor(
                "concatMap(…)", 1, body -> body.concatMap(x -> Mono.never()).subscribe()));
        all.add(reactor("limitRate(1)", 1, body -> body.limitRate(1).subscribe()));
        all.add(reactor(
                "publishOn(…, 1)", 1, body -> body.publishOn(parallel, 1).subscribe()));
        all.add(reactor(
                "flatMap(…, 1, 1)",
                1,
                body -> body.flatMap(x -> Mono.never(), 1, 1).subscribe()));
        all.add(reactor("publishOn(…)", 256, body -> body.publishOn(parallel).subscribe()));
        all.add(reactor(
                "flatMap(…)", 256, body -> body.flatMap(x -> Mono.never()).subscribe()));
        all.add(reactor("subscribe(…)", ALL, body -> body.subscribe(x -> {})));
    }

    private static void rxJava(List<Operator> all) {
        var computation = Schedulers.computation();
        all.add(rxJava(
                "concatMapCompletable(…, 1)",
                1,
                body -> body.concatMapCompletable(x -> Completable.never(), 1).subscribe()));
        all.add(rxJava("rebatchRequests(1)", 1, body -> body.rebatchRequests(1).subscribe()));
        all.add(rxJava(
                "observeOn(…, false, 1)",
                1,
                body -> body.observeOn(computation, false, 1).subscribe()));
        all.add(rxJava(
                "concatMapCompletable(…)",
                2,
                body -> body.concatMapCompletable(x -> Completable.never()).subscribe()));
        all.add(rxJava("observeOn(…)", 128, body -> body.observeOn(computation).subscribe()));
        all.add(rxJava(
                "flatMap(…)", 128, body -> body.flatMap(x -> Flowable.never()).subscribe()));
        all.add(rxJava("subscribe(…)", ALL, body -> {
            var unused = body.subscribe(x -> {});
        }));
    }

    private static void mutiny(List<Operator> all) {
        all.add(mutiny(
                "transformToUniAndConcatenate(…)",
                1,
                body -> body.onItem()
                        .transformToUniAndConcatenate(x -> Uni.createFrom().nothing())
                        .subscribe()
                        .with(x -> {})));
        all.add(mutiny(
                "capDemandsTo(1)", 1, body -> body.capDemandsTo(1).subscribe().with(x -> {})));
        all.add(mutiny(
                "emitOn(…, 1)",
                1,
                body -> body.emitOn(Runnable::run, 1).subscribe().with(x -> {})));
        all.add(mutiny(
                "emitOn(…)", 256, body -> body.emitOn(Runnable::run).subscribe().with(x -> {})));
        all.add(mutiny(
                "transformToUniAndMerge(…)",
                256,
                body -> body.onItem()
                        .transformToUniAndMerge(x -> Uni.createFrom().nothing())
                        .subscribe()
                        .with(x -> {})));
        all.add(mutiny("subscribe().with(…)", ALL, body -> body.subscribe().with(x -> {})));
    }

    @ParameterizedTest
    @MethodSource("operators")
    void whatAnOperatorAsksFor(Operator operator) throws Exception {
        BlockingQueue<Long> asked = new LinkedBlockingQueue<>();
        operator.use.accept(watched(asked));
        assertEquals(operator.asks, asked.poll(20, TimeUnit.SECONDS));
        assertEquals(List.of(), List.copyOf(asked), "nothing more before there is an element");
    }

    @Test
    void whatHttpClientAsksFor() throws Exception {
        BlockingQueue<Long> asked = new LinkedBlockingQueue<>();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI uri = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
            var request = HttpRequest.newBuilder(uri).POST(BodyPublishers.fromPublisher(watched(asked)));
            HttpClient.newHttpClient().sendAsync(request.build(), BodyHandlers.discarding());
            assertEquals(1L, asked.poll(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void whatPekkoAsksFor() throws Exception {
        ActorSystem system = ActorSystem.create("asked");
        try {
            BlockingQueue<Long> asked = new LinkedBlockingQueue<>();
            var source = JavaFlowSupport.Source.fromPublisher(watched(asked));
            source.runWith(Sink.ignore(), system);
            assertEquals(16L, asked.poll(20, TimeUnit.SECONDS));
            source.addAttributes(Attributes.inputBuffer(1, 1)).runWith(Sink.ignore(), system);
            assertEquals(16L, asked.poll(20, TimeUnit.SECONDS), "on the source itself it does nothing");
            source.map(bytes -> bytes)
                    .addAttributes(Attributes.inputBuffer(1, 1))
                    .runWith(Sink.ignore(), system);
            assertEquals(1L, asked.poll(20, TimeUnit.SECONDS));
        } finally {
            system.terminate();
        }
    }

    private static Flow.Publisher<ByteBuffer> watched(BlockingQueue<Long> asked) {
        return subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                asked.add(n);
            }

            @Override
            public void cancel() {}
        });
    }
}
