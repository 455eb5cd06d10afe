package eventsource.server.benchmarks;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Frames linked per topic: each knows the next and the previous one in each of its topics, and a cursor holds on to the
 * last frame that it took of each. Nothing grows or is copied. A trimmed frame is cut off from its neighbours and lets go
 * of its bytes, so that a cursor that stands on it pins a small object and not all that came after.
 *
 * <p>A trim sets {@code trimmed} of the topic, then cuts. So a reader that meets a cut knows that {@code trimmed} has moved.
 */
final class LinkedShape implements Shape {

    private static final VarHandle NEXT;
    private static final VarHandle MORE = MethodHandles.arrayElementVarHandle(Node[].class);

    static {
        try {
            NEXT = MethodHandles.lookup().findVarHandle(Node.class, "next", Node.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private static final Node CUT = new Node(0, new Topic[0], new byte[0]);

    /** A topic. What the core keeps for its lanes and streams besides is here too, so that sizes can be compared. */
    static final class Topic {
        final String name;
        final Topic[] alone = {this};
        int streams;

        @Nullable
        Object keys;

        @Nullable
        Object route;

        volatile Object[] audiences = {};
        volatile @Nullable Node oldest;
        volatile @Nullable Node newest;
        volatile long trimmed;

        Topic(String name, Object[] audiences) {
            this.name = name;
            this.audiences = audiences;
        }

        boolean hasAfter(long number) {
            Node last = newest;
            return (last != null && last.number > number) || trimmed > number;
        }

        /** The first frame after a number, looked for from whichever end is likely to be nearer. */
        @Nullable
        Node firstAfter(long number) {
            Node first = oldest;
            Node last = newest;
            if (first == null || last == null || last.number <= number) {
                return null;
            }
            if (first.number > number) {
                return first;
            }
            return number - first.number < last.number - number ? forwards(first, number) : backwards(last, number);
        }

        private @Nullable Node forwards(Node from, long number) {
            Node node = from;
            while (node != null && node != CUT && node.number <= number) {
                node = node.next(this);
            }
            return node;
        }

        private Node backwards(Node from, long number) {
            Node node = from;
            for (Node before = node.previous(this);
                    before != null && before != CUT && before.number > number;
                    before = node.previous(this)) {
                node = before;
            }
            return node;
        }
    }

    /** A frame with the fields of the core's, and its links. */
    static final class Node {
        final long number;
        int since;
        final Topic[] topics;

        @Nullable
        Object traits;

        @Nullable
        Node older;

        @Nullable
        Node newer;

        byte @Nullable [] chunk;
        byte start;

        /** In the first topic. */
        @Nullable
        Node next;

        @Nullable
        Node previous;

        /** In the others: next and previous by turns. */
        @Nullable
        Node @Nullable [] more;

        Node(long number, Topic[] topics, byte[] chunk) {
            this.number = number;
            this.topics = topics;
            this.chunk = chunk;
            if (topics.length > 1) {
                more = new Node[2 * (topics.length - 1)];
            }
        }

        private int place(Topic topic) {
            int i = 0;
            while (topics[i] != topic) {
                i++;
            }
            return i;
        }

        @Nullable
        Node next(Topic topic) {
            if (more == null || topics[0] == topic) {
                return (Node) NEXT.getAcquire(this);
            }
            return (Node) MORE.getAcquire(more, 2 * place(topic) - 2);
        }

        void next(Topic topic, @Nullable Node node) {
            if (more == null || topics[0] == topic) {
                NEXT.setRelease(this, node);
            } else {
                MORE.setRelease(more, 2 * place(topic) - 2, node);
            }
        }

        @Nullable
        Node previous(Topic topic) {
            return more == null || topics[0] == topic ? previous : more[2 * place(topic) - 1];
        }

        void previous(Topic topic, @Nullable Node node) {
            if (more == null || topics[0] == topic) {
                previous = node;
            } else {
                more[2 * place(topic) - 1] = node;
            }
        }
    }

    private final Topic[] all;
    private final LinkedRun run = new LinkedRun();
    private volatile long head;
    private @Nullable Node oldest;
    private @Nullable Node newest;

    LinkedShape(int feeds) {
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
        if (newest == null) {
            oldest = node;
        } else {
            node.older = newest;
            newest.newer = node;
        }
        newest = node;
        for (Topic topic : node.topics) {
            Node last = topic.newest;
            if (last == null) {
                topic.oldest = node;
            } else {
                node.previous(topic, last);
                last.next(topic, node);
            }
            topic.newest = node;
        }
        head = node.number;
    }

    @Override
    public boolean trim() {
        Node node = oldest;
        if (node == null) {
            return false;
        }
        for (Topic topic : node.topics) {
            topic.trimmed = node.number;
            Node next = node.next(topic);
            topic.oldest = next;
            if (next == null) {
                topic.newest = null;
            } else {
                next.previous(topic, CUT);
            }
            node.next(topic, CUT);
        }
        oldest = node.newer;
        if (oldest == null) {
            newest = null;
        } else {
            oldest.older = null;
        }
        node.newer = null;
        node.chunk = null;
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

    /** Finds what is pending, once for all cursors at the same place, and where it leaves them. */
    private final class LinkedRun {
        private final Taken taken = new Taken();
        private Topic[] topics = {};
        private @Nullable Node[] next = {};
        private @Nullable Node[] last = {};
        private long after = -1;
        private long to;
        private long through;
        private boolean lapped;

        void find(Place place) {
            if (place.after == after && to == head && Arrays.equals(place.topics, topics)) {
                return;
            }
            topics = place.topics;
            after = place.after;
            to = head;
            if (next.length < topics.length) {
                next = new Node[topics.length];
                last = new Node[topics.length];
            }
            do {
                lapped = false;
            } while (!collect(place) && !isLapped());
            lapped = isLapped();
        }

        private boolean isLapped() {
            for (Topic topic : topics) {
                if (topic.trimmed > after) {
                    return true;
                }
            }
            return false;
        }

        /** Merges the topics. False if it met a cut: then frames were trimmed meanwhile. */
        private boolean collect(Place place) {
            taken.clear();
            for (int i = 0; i < topics.length; i++) {
                Node anchor = place.anchor(i);
                Node node = anchor == null ? null : anchor.next(topics[i]);
                next[i] = anchor == null || node == CUT ? topics[i].firstAfter(after) : node;
                last[i] = anchor;
            }
            for (Node node = first(); node != null; node = first()) {
                byte[] chunk = node.chunk;
                if (node == CUT || chunk == null) {
                    return false;
                }
                if (!taken.add(chunk)) {
                    return true; // through is the last frame that was taken
                }
                through = node.number;
                for (int i = 0; i < topics.length; i++) {
                    if (next[i] == node) {
                        last[i] = node;
                        next[i] = node.next(topics[i]);
                    }
                }
            }
            through = to;
            return true;
        }

        private @Nullable Node first() {
            Node first = null;
            for (int i = 0; i < topics.length; i++) {
                Node node = next[i];
                if (node != null && node.number <= to && (first == null || node.number < first.number)) {
                    first = node;
                }
            }
            return first;
        }
    }

    private final class Place implements Cursor {
        private final Topic[] topics;
        private long after;

        /** Of the first topic. */
        private @Nullable Node anchor;

        private @Nullable Node @Nullable [] anchors;

        Place(Topic[] topics, long after) {
            this.topics = topics;
            this.after = after;
            anchors = topics.length == 1 ? null : new Node[topics.length];
        }

        @Nullable
        Node anchor(int i) {
            return anchors == null ? anchor : anchors[i];
        }

        @Override
        public void move(long to) {
            after = to;
            anchor = null;
            if (anchors != null) {
                Arrays.fill(anchors, null);
            }
        }

        @Override
        public int drain() {
            if (!isBehind()) {
                return 0;
            }
            run.find(this);
            if (run.lapped) {
                return -1;
            }
            after = run.through;
            if (anchors == null) {
                anchor = run.last[0];
            } else {
                System.arraycopy(run.last, 0, anchors, 0, topics.length);
            }
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
