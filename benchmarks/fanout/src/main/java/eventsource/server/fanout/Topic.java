package eventsource.server.fanout;

import java.util.List;
import java.util.stream.IntStream;

/** What some of the streams ask for. The thread of the clients alone uses it. */
final class Topic {

    /** Of requests for its streams, and of posts to it. */
    final String query;
    /** How many clients read its streams. */
    int streams;
    /** The number of its newest event. */
    long emitted;

    private final int place;

    private Topic(int place, String query) {
        this.place = place;
        this.query = query;
    }

    /** All topics; a single one has no name. */
    static List<Topic> some(int count) {
        return IntStream.range(0, count)
                .mapToObj(place -> new Topic(place, count == 1 ? "" : "?topic=t" + place))
                .toList();
    }

    int place() {
        return place;
    }
}
