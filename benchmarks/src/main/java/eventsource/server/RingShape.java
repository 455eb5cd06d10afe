package eventsource.server;

import eventsource.server.benchmarks.Shape;
import org.jspecify.annotations.Nullable;

/** The core's own shape, made of its own classes: a growable ring of frame references per topic. */
public final class RingShape implements Shape {

    private static final String ID = "~abcdefgh-lfls";
    private static final byte[] NOTHING = {};
    private static final Traits NO_TRAITS = Traits.of(Event.of(""));

    private final Feed[] all;
    private final Run run = new Run(Representation.PLAIN);
    private volatile long head;
    private @Nullable Frame oldest;
    private @Nullable Frame newest;

    /** @param feeds how many */
    public RingShape(int feeds) {
        all = new Feed[feeds];
        for (int i = 0; i < feeds; i++) {
            all[i] = new Feed("topic/" + i, 0);
        }
    }

    private Feed[] of(int[] feeds) {
        if (feeds.length == 1) {
            return all[feeds[0]].alone;
        }
        Feed[] some = new Feed[feeds.length];
        for (int i = 0; i < feeds.length; i++) {
            some[i] = all[feeds[i]];
        }
        return some;
    }

    @Override
    public void append(byte[] fields, int... feeds) {
        Feed[] to = of(feeds);
        Frame frame = new Frame(head + 1, 0, NO_TRAITS, to, new Frame.Fields(NOTHING, fields, NOTHING), ID);
        frame.older = newest;
        if (newest == null) {
            oldest = frame;
        } else {
            newest.newer = frame;
        }
        newest = frame;
        for (Feed feed : to) {
            feed.add(frame);
        }
        head = frame.number;
    }

    @Override
    public boolean trim() {
        Frame frame = oldest;
        if (frame == null) {
            return false;
        }
        for (Feed feed : frame.feeds) {
            if (feed.oldest() == frame) {
                feed.removeOldest(frame);
            }
        }
        oldest = frame.newer;
        if (oldest == null) {
            newest = null;
        } else {
            oldest.older = null;
        }
        frame.newer = null;
        return true;
    }

    @Override
    public long head() {
        return head;
    }

    @Override
    public Cursor open(long after, int... feeds) {
        return new Place(of(feeds), after);
    }

    private final class Place implements Cursor {
        private final Feed[] feeds;
        private long after;

        Place(Feed[] feeds, long after) {
            this.feeds = feeds;
            this.after = after;
        }

        @Override
        public void move(long to) {
            after = to;
        }

        @Override
        public int drain() {
            if (!isBehind()) {
                return 0;
            }
            run.find(feeds, after, null, head, null);
            if (run.lapped()) {
                return -1;
            }
            after = run.through();
            return run.size() == 0 ? 0 : run.bytes().remaining();
        }

        private boolean isBehind() {
            for (Feed feed : feeds) {
                if (feed.hasAfter(after)) {
                    return true;
                }
            }
            return false;
        }
    }
}
