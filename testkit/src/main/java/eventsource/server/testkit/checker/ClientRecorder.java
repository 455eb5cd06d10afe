package eventsource.server.testkit.checker;

import eventsource.server.Resume;
import eventsource.server.StreamRequest;
import eventsource.server.parser.ParsedEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Records what one client receives, over all its connections and on whichever nodes: what it was told at the beginning of
 * each connection, and then every event in the order in which it came.
 *
 * <p>For one thread at a time.
 */
public final class ClientRecorder {

    /** What can happen to a client besides receiving an event. */
    enum What {
        CONNECTED,
        PLACED,
        GAP,
        CAUGHT_UP
    }

    /**
     * Something that happened.
     *
     * @param before how many events the client had received
     * @param outcome what it was told, when it connected
     * @param id the text of the id that it is about; {@link Texts#NONE} for none
     * @param emitted how far each emitter was
     */
    record Mark(What what, int before, Resume.@Nullable Outcome outcome, int id, Progress emitted) {}

    private final String name;
    private final StreamRequest request;
    private final Checker checker;

    // Written by the thread of the client, read by the checker when that has ended.
    private final Ints ids = new Ints();
    private final Ints payloads = new Ints();
    private final List<Mark> marks = new ArrayList<>();
    private String lastEventId = "";

    ClientRecorder(String name, StreamRequest request, Checker checker) {
        this.name = name;
        this.request = request;
        this.checker = checker;
    }

    /**
     * The client has been given a stream: its response head is there.
     *
     * @param outcome what it was told. After {@link Resume.Outcome#RESUMED}, every event of its topics after its last event id is
     *     due, and none before that; after a gap, and where the client brought no id, what comes may have been received
     *     before
     * @param after the last event id that it had sent; empty for none
     */
    public void connected(Resume.Outcome outcome, String after) {
        Objects.requireNonNull(outcome, "outcome");
        mark(What.CONNECTED, outcome, after, checker.begun());
    }

    /**
     * The client has been given a stream: its response head is there.
     *
     * @param resumeHeader the value of the response header {@code EventSource-Resume}
     * @param after the last event id that it had sent; empty for none
     * @throws IllegalArgumentException if the header has none of its three values
     */
    public void connected(String resumeHeader, String after) {
        Resume.Outcome told = Arrays.stream(Resume.Outcome.values())
                .filter(outcome -> outcome.headerValue().equals(resumeHeader))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the client was told '" + resumeHeader
                        + "', and not live, resumed or gap: give the value of the response header EventSource-Resume"));
        connected(told, after);
    }

    /**
     * The client has received an event: one that was emitted, or one of those that {@link Checker#gapEvent} and {@link
     * Checker#openingEvent} name.
     *
     * @param event the event
     */
    public void received(ParsedEvent event) {
        if (event.type().equals(checker.gapEvent())) {
            gapTold(event.lastEventId());
        } else if (event.type().equals(checker.openingEvent())) {
            startsAfter(event.lastEventId());
        } else {
            received(event.lastEventId(), event.data());
        }
    }

    /**
     * The client has received an event that was emitted.
     *
     * @param id its id
     * @param payload its data
     */
    public void received(String id, String payload) {
        requireConnection();
        ids.add(checker.texts().number(id));
        payloads.add(checker.texts().number(payload));
        lastEventId = id;
    }

    /**
     * The client was told of a gap in its stream. What is missing between the events before and after that is not held
     * against anybody; to be told where nothing is missing is no fault.
     *
     * @param from the id of the place where the stream goes on; empty if it was not told
     */
    public void gapTold(String from) {
        requireConnection();
        mark(What.GAP, null, from, checker.begun());
        lastEventId = from.isEmpty() ? lastEventId : from;
    }

    /**
     * The client was told the place where its stream starts, as in an opening event, so that it can come back even before
     * it has received anything.
     *
     * @param id the id of that place: every event after it is due
     */
    public void startsAfter(String id) {
        requireConnection();
        mark(What.PLACED, null, id, checker.begun());
        lastEventId = id;
    }

    /**
     * The client has been given the time to receive everything: whatever is recorded by now as emitted, and is stored, is due. Best said
     * when the client has received an event that was emitted after everything else was stored.
     */
    public void caughtUp() {
        requireConnection();
        mark(What.CAUGHT_UP, null, "", checker.recorded());
    }

    /**
     * What the client has to send when it comes back.
     *
     * @return the id of the last event that it has received, or place that it was told; empty if there was none
     */
    public String lastEventId() {
        return lastEventId;
    }

    private void mark(What what, Resume.@Nullable Outcome outcome, String id, Progress emitted) {
        int number = id.isEmpty() ? Texts.NONE : checker.texts().number(id);
        marks.add(new Mark(what, payloads.size(), outcome, number, emitted));
    }

    private void requireConnection() {
        if (marks.isEmpty()) {
            throw new IllegalStateException("client " + name + " has no connection yet: call connected first");
        }
    }

    String name() {
        return name;
    }

    int received() {
        return payloads.size();
    }

    int id(int index) {
        return ids.get(index);
    }

    int payload(int index) {
        return payloads.get(index);
    }

    List<Mark> marks() {
        return marks;
    }

    StreamRequest request() {
        return request;
    }
}
