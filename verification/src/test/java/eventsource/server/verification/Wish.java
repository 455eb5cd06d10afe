package eventsource.server.verification;

import eventsource.server.GapStart;
import eventsource.server.Selector;
import eventsource.server.StreamRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a client asks for, as a request and as the model understands it. */
record Wish(
        StreamRequest request,
        List<History.Feed> feeds,
        @Nullable String user,
        boolean newest) {

    /** A random one. */
    static Wish any(Random random, boolean keys) {
        Wish wish = random.nextBoolean() ? ofTopics(random) : ofSelectors(random);
        wish = random.nextInt(3) == 0 ? wish.of("u" + random.nextInt(3)) : wish;
        wish = keys && random.nextBoolean()
                ? new Wish(wish.request.newestPerKeyFirst(), wish.feeds, wish.user, true)
                : wish;
        wish = random.nextInt(4) == 0 ? wish.with(StreamRequest::fromEarliest) : wish;
        return random.nextInt(4) == 0 ? wish.with(request -> request.onGap(GapStart.LIVE)) : wish;
    }

    private static Wish ofTopics(Random random) {
        int topics = random.nextInt(4);
        if (topics == 0) {
            return new Wish(StreamRequest.own(), List.of(topic(History.OWN)), null, false);
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < topics; i++) {
            names.add(History.someTopic(random));
        }
        return new Wish(
                StreamRequest.of(names.toArray(String[]::new)),
                names.stream().distinct().map(Wish::topic).toList(),
                null,
                false);
    }

    private static History.Feed topic(String name) {
        return entry -> entry.topics().contains(name);
    }

    private static Wish ofSelectors(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> new Wish(StreamRequest.all(), List.of(entry -> true), null, false);
            case 1 -> new Wish(StreamRequest.matching(Selector.prefix("a")), List.of(prefix("a")), null, false);
            default ->
                new Wish(
                        StreamRequest.matching(Selector.prefix("a1"), Selector.prefix("b")),
                        List.of(prefix("a1"), prefix("b")),
                        null,
                        false);
        };
    }

    private static History.Feed prefix(String prefix) {
        return entry -> entry.topics().stream().anyMatch(topic -> topic.startsWith(prefix));
    }

    private Wish of(String only) {
        return new Wish(request.where(labels -> only.equals(labels.get("user"))), feeds, only, newest);
    }

    private Wish with(UnaryOperator<StreamRequest> more) {
        return new Wish(more.apply(request), feeds, user, newest);
    }

    /** Whether a client that asks for this is to be sent an event, if it is sent every one. */
    boolean has(History.Entry entry) {
        return (user == null || user.equals(entry.user())) && feeds.stream().anyMatch(feed -> feed.has(entry));
    }
}
