package eventsource.server.testkit.checker;

import eventsource.server.testkit.checker.Finding.Kind;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which event each id stands for, as emitters were told and clients have received it. */
final class Ids {

    private final Emissions emissions;
    private final List<Finding> findings;

    /** By the text of an id: the first emission that had it. */
    private final int[] owners;

    /** By the text of an id: whether another emission had it, too. */
    private final BitSet ambiguous = new BitSet();

    /** By emission: the text of the first id that it was received under. */
    private final int[] received;

    /** By emission: who was the first to receive it. */
    private final @Nullable ClientRecorder[] receivers;

    /** Ids of which it was reported that they stand for an emission as well, as pairs. */
    private final Set<Long> reused = new HashSet<>();

    /** Emissions of which it was reported that they have two ids. */
    private final BitSet repeated = new BitSet();

    Ids(Emissions emissions, List<ClientRecorder> clients, List<Finding> findings) {
        this.emissions = emissions;
        this.findings = findings;
        owners = new int[emissions.texts()];
        received = new int[emissions.count()];
        receivers = new ClientRecorder[emissions.count()];
        Arrays.fill(owners, Run.NONE);
        Arrays.fill(received, Texts.NONE);
        for (int emission = 0; emission < emissions.count(); emission++) {
            if (emissions.id(emission) != Texts.NONE) {
                isOwned(emissions.id(emission), emission, null);
            }
        }
        for (ClientRecorder client : clients) {
            for (int i = 0; i < client.received(); i++) {
                int emission = emissions.ofPayload(client.payload(i));
                if (emission != Run.NONE) {
                    receive(client, client.id(i), emission);
                }
            }
        }
        for (int emission = 0; emission < emissions.count(); emission++) {
            compare(emission);
        }
    }

    /** The emission that an id stands for, or {@link Run#NONE} if that is not certain. */
    int emission(int id) {
        return id == Texts.NONE || ambiguous.get(id) ? Run.NONE : owners[id];
    }

    /** Whether an emission was received under an id before all others. */
    boolean isFirst(int id, int emission) {
        return received[emission] == id;
    }

    /** Whether an id stands for this emission and no other. */
    private boolean isOwned(int id, int emission, @Nullable ClientRecorder client) {
        int owner = owners[id];
        if (owner == Run.NONE) {
            owners[id] = emission;
        } else if (owner != emission) {
            ambiguous.set(id);
            if (reused.add((long) id << 32 | emission)) {
                report(
                        Kind.REUSED_ID,
                        client,
                        emission,
                        "id " + emissions.text(id) + " stands for '" + emissions.payload(owner) + "' and for '"
                                + emissions.payload(emission) + "'");
            }
        }
        return owner == Run.NONE || owner == emission;
    }

    private void receive(ClientRecorder client, int id, int emission) {
        if (!isOwned(id, emission, client)) {
            return;
        }
        if (received[emission] == Texts.NONE) {
            received[emission] = id;
            receivers[emission] = client;
        } else if (received[emission] != id && !repeated.get(emission)) {
            repeated.set(emission);
            report(
                    Kind.DUPLICATE,
                    client,
                    emission,
                    "'" + emissions.payload(emission) + "' has two ids: " + emissions.text(received[emission])
                            + ", and here " + emissions.text(id));
        }
    }

    /** What an emitter was told, and what clients have received. */
    private void compare(int emission) {
        int told = emissions.id(emission);
        if (told != Texts.NONE
                && received[emission] != Texts.NONE
                && received[emission] != told
                && !repeated.get(emission)) {
            report(
                    Kind.WRONG_ID,
                    receivers[emission],
                    emission,
                    "'" + emissions.payload(emission) + "' was received under the id "
                            + emissions.text(received[emission]) + ", and emitter " + emissions.emitter(emission)
                            + " was told " + emissions.text(told));
        }
    }

    private void report(Kind kind, @Nullable ClientRecorder client, int emission, String text) {
        findings.add(new Finding(kind, client == null ? "" : client.name(), emissions.topics(emission), text));
    }
}
