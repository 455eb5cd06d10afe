package eventsource.server;

import org.jspecify.annotations.Nullable;

/** Frames that are known by their number only; they are made once, since nothing of them changes. */
final class Numbered {

    private static final Frame[] FRAMES = frames();

    private Numbered() {}

    private static Frame[] frames() {
        Frame[] frames = new Frame[10];
        for (int i = 0; i < frames.length; i++) {
            Event event = Event.of("" + i);
            frames[i] = new Frame(i, 0, Traits.of(event), new Feed[0], Frame.Fields.of(event), "id");
        }
        return frames;
    }

    static Frame frame(int number) {
        return FRAMES[number];
    }

    /** A feed with the frames from 1 to a number, in as small a ring as can be. */
    static Feed feed(int newest) {
        Feed feed = new Feed("topic", 0);
        for (int number = 1; number <= newest; number++) {
            feed.add(frame(number));
        }
        return feed;
    }

    /** The number of a frame; 0 if there is none. */
    static long of(@Nullable Frame frame) {
        return frame == null ? 0 : frame.number;
    }
}
