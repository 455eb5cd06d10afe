package eventsource.server.testkit.checker;

import eventsource.server.StreamRequest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Proves of a whole history that nothing was lost, repeated or reordered without being told: of many emitters and many
 * clients, on one server or on many that share an event log, whatever was cut, killed or partitioned meanwhile.
 *
 * <p>A test gives every emitting thread an {@link #emitter} and every client a {@link #client}, has both record what they do
 * and get, and in the end calls {@link #check}:
 *
 * <pre>{@code
 * var checker = new Checker();
 * var client = checker.client("a browser", StreamRequest.of("news"));
 * client.connected(Resume.Outcome.LIVE, "");
 * checker.emitter("node 1").emit(server, Event.of("first"), "news");
 * client.received(id, "first");
 * client.caughtUp();
 * checker.check();
 * }</pre>
 *
 * <p><b>What has to hold.</b> There is one order of all emissions that goes together with the order of each emitter's calls
 * and with the order in which each client has received them. Between two events that a client received without being told of a gap, it has
 * received every stored event of its topics. An event that was stored has one id, and that is the one its emitter was told; an
 * id stands for one event. Nobody receives what was refused, what nobody has emitted, or what belongs to other topics. An emission
 * whose outcome is unknown may be received; once one client has it, it is due for all others.
 *
 * <p><b>What is due.</b> After {@code resumed}, everything after the client's last event id is due. Elsewhere a stream begins,
 * for each of its topics or selectors, with the first event that it received of these alone, because of a busy topic less is
 * retained than of a quiet one; where it has only one of them, with the place of an opening or gap event, if that is known. And every emission
 * that began after the client had its response head is due. A stream ends with the last event that it received, or where the client {@linkplain ClientRecorder#caughtUp has
 * caught up}.
 *
 * <p><b>After a gap.</b> A client that comes back and is told of a gap may be given the oldest events that are retained: what
 * it has received before may then come again, and only in each part for itself is it held against order and repetition. A gap that is told in the
 * middle of a stream excuses what is missing there, but no repetition.
 *
 * <p><b>What cannot be checked.</b> Each emission needs data of its own, and ids of the caller's must be different. Filters of a request, the
 * newest event of each key, and snapshots are not known here. A log whose epoch is forced while its entries stay gives its events
 * other ids, which counts as a fault; so does an event that a supply has emitted twice because the outcome was unknown the first
 * time.
 *
 * <p>What is recorded needs 8 bytes for each event that a client received, and each text once; checking needs 4 bytes more for
 * each emission and emitter.
 *
 * <p>Any thread may make recorders. The findings are to be asked for when the threads that record have ended, or stand still.
 */
public final class Checker {

    private static final int MOST_SHOWN = 20;

    private final Texts texts = new Texts();
    private final List<EmitterRecorder> emitters = new CopyOnWriteArrayList<>();
    private final List<ClientRecorder> clients = new CopyOnWriteArrayList<>();
    private final Set<String> emitterNames = new HashSet<>(); // guarded by this
    private final Set<String> clientNames = new HashSet<>(); // guarded by this
    private volatile @Nullable String gapEvent;
    private volatile @Nullable String openingEvent;

    /** A checker of an empty history. */
    public Checker() {}

    /**
     * Names the type of the event that tells of a gap, see {@code EventSourceServerBuilder.gapEvent}. A client that is told of
     * a gap in the response head has to be told by this event, too, before any other.
     *
     * @param type the type; without this call, gaps are told in the response head only
     * @return this checker
     */
    public Checker gapEvent(String type) {
        gapEvent = Objects.requireNonNull(type, "type");
        return this;
    }

    /**
     * Names the type of the event that tells the place where a fresh stream starts, see {@code
     * EventSourceServerBuilder.openingEvent}.
     *
     * @param type the type; without this call there is no such event
     * @return this checker
     */
    public Checker openingEvent(String type) {
        openingEvent = Objects.requireNonNull(type, "type");
        return this;
    }

    /**
     * Adds an emitter: a thread that emits on one node. To be added before it emits anything.
     *
     * @param name a name for reports, which no other emitter has
     * @return records what it emits
     */
    public synchronized EmitterRecorder emitter(String name) {
        requireNew(name, emitterNames);
        EmitterRecorder emitter = new EmitterRecorder(name, texts);
        emitters.add(emitter);
        return emitter;
    }

    /**
     * Adds a client, which may have one connection after the other.
     *
     * @param name a name for reports, which no other client has
     * @param request what it asks for: its topics or selectors count here, and nothing else of it
     * @return records what it receives
     */
    public synchronized ClientRecorder client(String name, StreamRequest request) {
        requireNew(name, clientNames);
        ClientRecorder client = new ClientRecorder(name, Objects.requireNonNull(request, "request"), this);
        clients.add(client);
        return client;
    }

    private static void requireNew(String name, Set<String> names) {
        if (!names.add(name)) {
            throw new IllegalArgumentException("there is a '" + name + "' already; give each a name of its own");
        }
    }

    /**
     * Whatever is wrong with the history so far.
     *
     * @return the findings, most of them one for each client and place; empty if the history is as promised
     * @throws IllegalStateException if two emissions have the same payload
     */
    public List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        Emissions emissions = new Emissions(emitters, texts);
        Ids ids = new Ids(emissions, clients, findings);
        List<Run> runs = new ArrayList<>();
        int[] seen = new int[emissions.count()];
        for (ClientRecorder client : clients) {
            new Replay(client, emissions, ids, gapEvent != null, runs, seen, findings).replay();
        }
        Order order = new Order(emissions, runs, findings);
        new Due(emissions, order, findings).check(runs);
        return List.copyOf(findings);
    }

    /**
     * Fails if anything is wrong with the history so far, or nobody has received anything.
     *
     * @throws AssertionError says what was found: how often which kind, and the first findings in full
     * @throws IllegalStateException if two emissions have the same payload
     */
    public void check() {
        if (clients.stream().allMatch(client -> client.received() == 0)) {
            throw new AssertionError("no client has received an event, which proves nothing: " + this);
        }
        List<Finding> findings = findings();
        if (!findings.isEmpty()) {
            throw new AssertionError(report(findings));
        }
    }

    private String report(List<Finding> findings) {
        Map<Finding.Kind, Integer> counts = new EnumMap<>(Finding.Kind.class);
        findings.forEach(finding -> counts.merge(finding.kind(), 1, Integer::sum));
        StringBuilder report = new StringBuilder("The history is not as promised: ")
                .append(counts)
                .append(" in ")
                .append(this);
        findings.stream()
                .limit(MOST_SHOWN)
                .forEach(finding -> report.append("\n- ").append(finding));
        if (findings.size() > MOST_SHOWN) {
            report.append("\n- and ").append(findings.size() - MOST_SHOWN).append(" more");
        }
        return report.toString();
    }

    /** How much was recorded. */
    @Override
    public String toString() {
        return "a history of " + emitters.size() + " emitters with "
                + emitters.stream().mapToLong(EmitterRecorder::recorded).sum() + " emissions, and " + clients.size()
                + " clients that received "
                + clients.stream().mapToLong(ClientRecorder::received).sum() + " events";
    }

    // --- for the recorders ---

    Texts texts() {
        return texts;
    }

    @Nullable
    String gapEvent() {
        return gapEvent;
    }

    @Nullable
    String openingEvent() {
        return openingEvent;
    }

    /** How many emissions each emitter has begun. */
    Progress begun() {
        return ofEmitters(EmitterRecorder::begun);
    }

    /** How many emissions each emitter has recorded. */
    Progress recorded() {
        return ofEmitters(EmitterRecorder::recorded);
    }

    private Progress ofEmitters(ToIntFunction<EmitterRecorder> number) {
        return new Progress(emitters.stream().mapToInt(number).toArray());
    }
}
