package eventsource.server.examples;

import eventsource.server.Event;
import eventsource.server.EventSourceServer;
import eventsource.server.LagPolicy;
import eventsource.server.StreamRequest;
import eventsource.server.spi.HttpManners;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Prices that change: whoever comes is given the newest of each symbol first, however old it is, and a reader that is too
 * slow for all of them the newest of each. {@code POST /delist?symbol=OAK} removes a symbol.
 */
final class Prices implements Example {

    private final ScheduledExecutorService clock = Example.clock();
    private final Set<String> moving = new TreeSet<>(Set.of("ASH", "ELM", "OAK")); // the clock's
    private final EventSourceServer events = EventSourceServer.builder()
            .keys(1_000)
            .lag(LagPolicy.NEWEST_PER_KEY)
            .build();

    @Override
    public Site start() {
        quote("YEW"); // once, and never again
        clock.scheduleAtFixedRate(() -> moving.forEach(this::quote), 0, 1, TimeUnit.SECONDS);
        var manners = HttpManners.builder(events)
                .requests(request ->
                        CompletableFuture.completedStage(StreamRequest.own().newestPerKeyFirst()))
                .build();
        return new Site(events)
                .stream("/", manners).page("/", LivePage.of("price", "gone")).post("/delist", posted -> {
                    String symbol = posted.parameter("symbol");
                    return CompletableFuture.supplyAsync(() -> delist(symbol), clock);
                });
    }

    private void quote(String symbol) {
        double price = ThreadLocalRandom.current().nextDouble(90, 110);
        String data = String.format(Locale.ROOT, "{\"symbol\": \"%s\", \"price\": %.2f}", symbol, price);
        events.emit(Event.of("price", data).withKey(symbol));
    }

    private String delist(String symbol) {
        if (!moving.remove(symbol)) {
            return "there is no such symbol\n";
        }
        events.emit(Event.of("gone", symbol).withKey(symbol).asRemoval());
        return symbol + " is gone\n";
    }
}
