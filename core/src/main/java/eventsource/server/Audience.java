package eventsource.server;

/** The streams of one lane that follow one feed: what an append to the feed marks, once for all of them. */
final class Audience extends StreamSet {

    final Feed feed;
    final Lane lane;

    Audience(Feed feed, Lane lane) {
        this.feed = feed;
        this.lane = lane;
    }
}
