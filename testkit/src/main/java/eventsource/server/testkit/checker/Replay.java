package eventsource.server.testkit.checker;

import eventsource.server.Resume.Outcome;
import eventsource.server.testkit.checker.ClientRecorder.Mark;
import eventsource.server.testkit.checker.Finding.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Goes through what one client has recorded, finds what is wrong whatever the order of all emissions was, and makes runs of
 * the rest.
 */
final class Replay {

    private final ClientRecorder client;
    private final Emissions emissions;
    private final Ids ids;
    private final boolean gapsAreEvents;
    private final List<Run> runs;
    private final List<Finding> findings;
    private final Feeds feeds;

    /** By emission: how many runs there were when one received it. The same for all clients, so that nobody clears it. */
    private final int[] seen;

    private @Nullable Run run;
    private Outcome told = Outcome.LIVE;

    /** The text of the id that the client has to come back with for the run to go on; or none. */
    private int last = Texts.NONE;

    /** Whether nothing has come yet since the client has connected. */
    private boolean isAtStart;

    Replay(
            ClientRecorder client,
            Emissions emissions,
            Ids ids,
            boolean gapsAreEvents,
            List<Run> runs,
            int[] seen,
            List<Finding> findings) {
        this.client = client;
        this.emissions = emissions;
        this.ids = ids;
        this.gapsAreEvents = gapsAreEvents;
        this.runs = runs;
        this.seen = seen;
        this.findings = findings;
        feeds = new Feeds(client.request(), emissions.allTopics());
    }

    void replay() {
        int next = 0;
        for (Mark mark : client.marks()) {
            for (; next < mark.before(); next++) {
                receive(next);
            }
            happen(mark);
        }
        for (; next < client.received(); next++) {
            receive(next);
        }
        if (run != null) {
            run.end();
        }
    }

    private void happen(Mark mark) {
        switch (mark.what()) {
            case CONNECTED -> connect(mark);
            case PLACED -> place(mark);
            case GAP -> gap(mark);
            case CAUGHT_UP -> run().last().caughtUp = mark.emitted();
        }
    }

    private Run run() {
        if (run == null) {
            throw new IllegalStateException("client " + client.name() + " has received something before it connected");
        }
        return run;
    }

    // --- what the client was told ---

    private void connect(Mark mark) {
        told = mark.outcome() == null ? Outcome.LIVE : mark.outcome();
        isAtStart = true;
        if (told == Outcome.LIVE && mark.id() != Texts.NONE) {
            report(
                    Kind.NOT_TOLD,
                    List.of(),
                    "it came back with the id " + emissions.text(mark.id()) + ", and was told live");
        }
        if (told == Outcome.RESUMED && mark.id() == Texts.NONE) {
            report(Kind.NOT_TOLD, List.of(), "it brought no id, and was told resumed");
        }
        boolean goesOn = run != null && told == Outcome.RESUMED && mark.id() == last;
        if (!goesOn) {
            begin(mark);
        }
        if (told == Outcome.RESUMED) {
            run().comeBack();
        }
    }

    private void begin(Mark mark) {
        if (run != null) {
            run.end();
        }
        run = new Run(client, feeds, mark.emitted());
        runs.add(run);
        last = Texts.NONE;
        if (told == Outcome.RESUMED) {
            run.last().place = ids.emission(mark.id());
            run.last().isResumed = true;
            last = mark.id();
        }
    }

    private void place(Mark mark) {
        if (run().events().size() == 0) {
            run().last().place = ids.emission(mark.id());
        }
        last = mark.id();
        isAtStart = false;
    }

    private void gap(Mark mark) {
        // Also where it is the gap of the response head, told in the stream as well: it may be another one already.
        run().interrupt(mark.emitted()).place = ids.emission(mark.id());
        last = mark.id() == Texts.NONE ? last : mark.id();
        isAtStart = false;
    }

    // --- what it received ---

    private void receive(int index) {
        int emission = emissions.ofPayload(client.payload(index));
        if (isAtStart && told == Outcome.GAP && gapsAreEvents) {
            report(
                    Kind.NOT_TOLD,
                    List.of(),
                    "the response head told it of a gap, and '" + emissions.text(client.payload(index))
                            + "' came before the event that does so");
        }
        isAtStart = false;
        last = client.id(index);
        if (emission == Run.NONE) {
            String id = emissions.text(client.id(index));
            report(
                    Kind.NEVER_EMITTED,
                    List.of(),
                    "nobody has emitted '" + emissions.text(client.payload(index)) + "' (id " + id + ")");
        } else if (isDue(emission, client.id(index))) {
            emissions.receive(emission);
            seen[emission] = runs.size();
            run().events().add(emission);
        }
    }

    /** Whether the client could be sent an emission here, as far as can be told from the two alone. */
    private boolean isDue(int emission, int id) {
        List<String> topics = emissions.topics(emission);
        if (emissions.wasRefused(emission)) {
            report(
                    Kind.REFUSED_RECEIVED,
                    topics,
                    emissions.named(emission) + " was received, and emitter " + emissions.emitter(emission)
                            + " was told that it is refused");
        } else if (!feeds.want(emissions.topicsOf(emission))) {
            emissions.receive(emission);
            report(Kind.WRONG_TOPIC, topics, "it did not ask for " + emissions.named(emission));
        } else if (seen[emission] == runs.size() || emission == run().last().place) {
            if (ids.isFirst(id, emission)) { // otherwise it was reported that it has two ids
                report(Kind.DUPLICATE, topics, repeated(emission));
            }
        } else {
            return true;
        }
        return false;
    }

    private String repeated(int emission) {
        return emissions.named(emission)
                + (seen[emission] == runs.size()
                        ? " was received again, after "
                                + emissions.named(run().events().last())
                        : " was received, and the stream starts after that");
    }

    private void report(Kind kind, List<String> topics, String text) {
        findings.add(new Finding(kind, client.name(), topics, text));
    }
}
