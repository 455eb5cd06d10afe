package eventsource.server.benchmarks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One ring of frames for the whole server, at the place of their numbers, and per topic a ring of numbers. Searching and
 * merging touch numbers only, and no frame but those that are taken. The server's ring spans all numbers from the oldest
 * retained frame to the newest, whether or not those between are retained.
 */
final class IndexShape implements Shape {

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Node[].class);
    private static final VarHandle NUMBER = MethodHandles.arrayElementVarHandle(long[].class);
    private static final long[] NO_NUMBERS = {};

    /** A topic. What the core keeps for its lanes and streams besides is here too, so that sizes can be compared. */
    static final class Topic {
        final String name;
        final Topic[] alone = {this};
        int streams;

        @Nullable
        Object keys;

        @Nullable
        Object route;

        volatile Object[] audiences;
        private volatile long[] ring = NO_NUMBERS;
        private volatile long head;
        private volatile long tail;
        volatile long trimmed;

        Topic(String name, Object[] audiences) {
            this.name = name;
            this.audiences = audiences;
        }

        void add(long number) {
            long at = head;
            if (at - tail == ring.length) {
                resize(Math.max(4, ring.length * 2));
            }
            long[] slots = ring;
            NUMBER.setRelease(slots, (int) at & (slots.length - 1), number);
            head = at + 1;
        }

        void removeOldest(long number) {
            trimmed = number;
            tail = tail() + 1; // one thread writes
            int length = ring.length;
            if (length > 4 && head - tail <= length / 4) {
                resize(length / 2);
            }
        }

        private void resize(int length) {
            long[] from = ring;
            long[] to = new long[length];
            for (long i = tail; i < head; i++) {
                to[(int) i & (length - 1)] = from[(int) i & (from.length - 1)];
            }
            ring = to;
        }

        boolean hasAfter(long number) {
            return at(head - 1) > number || trimmed > number;
        }

        /** The number at a place; 0 if there is none. */
        long at(long sequence) {
            long[] slots = ring;
            return sequence >= head || slots.length == 0 || sequence < tail
                    ? 0
                    : (long) NUMBER.getAcquire(slots, (int) sequence & (slots.length - 1));
        }

        long tail() {
            return tail;
        }

        /** As the core's feeds do it. */
        long firstAfter(long number) {
            long high = head;
            long low = high;
            for (long step = 1; ; step *= 2) {
                low = Math.max(tail, high - step);
                if (low >= high) {
                    return high;
                }
                if (at(low) <= number) {
                    break;
                }
                high = low;
            }
            while (high - low > 1) {
                long middle = (low + high) >>> 1;
                if (at(middle) > number) {
                    high = middle;
                } else {
                    low = middle;
                }
            }
            return high;
        }
    }

    /** A frame with the fields of the core's, but without links: the ring is in their place. */
    static final class Node {
        final long number;
        int since;
        final Topic[] topics;

        @Nullable
        Object traits;

        final byte[] chunk;
        byte start;

        Node(long number, Topic[] topics, byte[] chunk) {
            this.number = number;
            this.topics = topics;
            this.chunk = chunk;
        }
    }

    private final Topic[] all;
    private final IndexRun run = new IndexRun();
    private volatile @Nullable Node[] spine = new Node[4];
    private volatile long head;
    private long tail = 1;

    IndexShape(int feeds) {
        Object[] nobody = {};
        all = new Topic[feeds];
        for (int i = 0; i < feeds; i++) {
            all[i] = new Topic("topic/" + i, nobody);
        }
    }

    private Topic[] of(int[] feeds) {
        return feeds.length == 1
                ? all[feeds[0]].alone
                : Arrays.stream(feeds).mapToObj(i -> all[i]).toArray(Topic[]::new);
    }

    @Override
    public void append(byte[] fields, int... feeds) {
        Node node = new Node(head + 1, of(feeds), Taken.chunk(fields));
        if (node.number - tail == spine.length) {
            resize(spine.length * 2);
        }
        @Nullable Node[] slots = spine;
        SLOT.setRelease(slots, (int) node.number & (slots.length - 1), node);
        for (Topic topic : node.topics) {
            topic.add(node.number);
        }
        head = node.number;
    }

    @Override
    public boolean trim() {
        Node node = null;
        while (tail <= head && node == null) {
            node = node(tail++);
        }
        if (node == null) {
            return false;
        }
        for (Topic topic : node.topics) {
            if (topic.at(topic.tail) == node.number) {
                topic.removeOldest(node.number);
            }
        }
        @Nullable Node[] slots = spine;
        SLOT.setRelease(slots, (int) node.number & (slots.length - 1), null);
        if (slots.length > 4 && head - tail <= slots.length / 4) {
            resize(slots.length / 2);
        }
        return true;
    }

    private void resize(int length) {
        @Nullable Node[] from = spine;
        @Nullable Node[] to = new Node[length];
        for (long i = tail; i <= head; i++) {
            to[(int) i & (length - 1)] = from[(int) i & (from.length - 1)];
        }
        spine = to;
    }

    private @Nullable Node node(long number) {
        @Nullable Node[] slots = spine;
        return (Node) SLOT.getAcquire(slots, (int) number & (slots.length - 1));
    }

    @Override
    public long head() {
        return head;
    }

    @Override
    public Cursor open(long after, int... feeds) {
        return new Place(of(feeds), after);
    }

    /** Finds what is pending, once for all cursors at the same place. */
    private final class IndexRun {
        private final Taken taken = new Taken();
        private Topic[] topics = {};
        private long[] starts = {};
        private long[] places = {};
        private long[] numbers = {};
        private long after = -1;
        private long to;
        private long through;
        private boolean lapped;

        void find(Topic[] of, long place) {
            if (place == after && to == head && Arrays.equals(of, topics)) {
                return;
            }
            topics = of;
            after = place;
            to = head;
            if (starts.length < topics.length) {
                starts = new long[topics.length];
                places = new long[topics.length];
                numbers = new long[topics.length];
            }
            boolean whole;
            do {
                whole = collect();
                lapped = isLapped();
            } while (!lapped && (!whole || isTorn()));
        }

        /** Merges the numbers. False if a frame was gone. */
        private boolean collect() {
            taken.clear();
            for (int i = 0; i < topics.length; i++) {
                starts[i] = topics[i].firstAfter(after);
                places[i] = starts[i];
                numbers[i] = topics[i].at(starts[i]);
            }
            for (long number = first(); number > 0; number = first()) {
                Node node = node(number);
                if (node == null || node.number != number) {
                    return false;
                }
                if (!taken.add(node.chunk)) {
                    return true;
                }
                through = number;
                for (int i = 0; i < topics.length; i++) {
                    if (numbers[i] == number) {
                        numbers[i] = topics[i].at(++places[i]);
                    }
                }
            }
            through = to;
            return true;
        }

        private long first() {
            long first = 0;
            for (int i = 0; i < topics.length; i++) {
                long number = numbers[i];
                if (number > 0 && number <= to && (first == 0 || number < first)) {
                    first = number;
                }
            }
            return first;
        }

        private boolean isLapped() {
            for (Topic topic : topics) {
                if (topic.trimmed > after) {
                    return true;
                }
            }
            return false;
        }

        private boolean isTorn() {
            for (int i = 0; i < topics.length; i++) {
                if (topics[i].tail() > starts[i]) {
                    return true;
                }
            }
            return false;
        }
    }

    private final class Place implements Cursor {
        private final Topic[] topics;
        private long after;

        Place(Topic[] topics, long after) {
            this.topics = topics;
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
            run.find(topics, after);
            if (run.lapped) {
                return -1;
            }
            after = run.through;
            return run.taken.isEmpty() ? 0 : run.taken.bytes().remaining();
        }

        private boolean isBehind() {
            for (Topic topic : topics) {
                if (topic.hasAfter(after)) {
                    return true;
                }
            }
            return false;
        }
    }
}
