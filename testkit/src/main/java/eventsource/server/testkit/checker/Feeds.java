package eventsource.server.testkit.checker;

import eventsource.server.StreamRequest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Which emissions a client asks for, and by which of the feeds that its request is made of: one for each of its topics or
 * selectors. A gap is one of feeds: a busy topic may have lost more than a quiet one.
 */
final class Feeds {

    private final boolean areOne;

    /** By the number of a list of topics: the numbers of the feeds that emissions to these belong to. */
    private final List<BitSet> feeds = new ArrayList<>();

    Feeds(StreamRequest request, List<List<String>> allTopics) {
        areOne = request.topics().size() + request.selectors().size() <= 1;
        allTopics.forEach(topics -> feeds.add(of(request, topics)));
    }

    private static BitSet of(StreamRequest request, List<String> topics) {
        BitSet feeds = new BitSet();
        if (request.topics().isEmpty() && request.selectors().isEmpty()) {
            feeds.set(0, topics.isEmpty());
        } else if (request.selectors().equals(StreamRequest.all().selectors())) {
            feeds.set(0); // the one selector that also stands for the server's own stream
        }
        for (int i = 0; i < request.topics().size(); i++) {
            feeds.set(i, topics.contains(request.topics().get(i)));
        }
        for (int i = 0; i < request.selectors().size(); i++) {
            if (topics.stream().anyMatch(request.selectors().get(i)::matches)) {
                feeds.set(i);
            }
        }
        return feeds;
    }

    /** Whether there is only one. */
    boolean areOne() {
        return areOne;
    }

    /** Whether the client asks for emissions to some topics. */
    boolean want(int topics) {
        return !feeds.get(topics).isEmpty();
    }

    /** Whether emissions to some topics belong to every feed that emissions to others, perhaps fewer, do. */
    boolean include(int some, int fewer) {
        BitSet missing = (BitSet) feeds.get(fewer).clone();
        missing.andNot(feeds.get(some));
        return missing.isEmpty();
    }
}
