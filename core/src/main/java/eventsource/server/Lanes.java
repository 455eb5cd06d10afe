package eventsource.server;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of a server: as many as its streams need on its own executor, and one for each event loop that a transport
 * brought along.
 *
 * <p>Confinement. Lanes are added under the lock of this object, a leaf, and never removed.
 */
final class Lanes {

    /** Below this many streams, another lane would cost more turns than it saves. */
    private static final int LANE_SIZE = 512;

    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    private static final Lane[] NO_LANES = {};

    private final Settings settings;
    private final Journal journal;
    private volatile Lane[] lanes = NO_LANES;

    Lanes(Settings settings, Journal journal) {
        this.settings = settings;
        this.journal = journal;
    }

    /** The lane for one stream more: that of an event loop, or else the emptiest of the server's own. */
    Lane choose(@Nullable Executor loop) {
        Lane lane = loop == null ? emptiest() : on(loop);
        return lane != null && (loop != null || lane.size() < LANE_SIZE) ? lane : another(loop);
    }

    /** Another one where all are well filled and there are processors for it, or the loop has none. */
    private synchronized Lane another(@Nullable Executor loop) {
        Lane lane = loop == null ? emptiest() : on(loop);
        if (lane != null && (loop != null || lane.size() < LANE_SIZE || owned() >= PROCESSORS)) {
            return lane;
        }
        Lane[] more = Arrays.copyOf(lanes, lanes.length + 1);
        Lane added = new Lane(loop == null ? settings.executor() : loop, settings.wheel(), journal);
        more[lanes.length] = added;
        lanes = more;
        return added;
    }

    private @Nullable Lane on(Executor loop) {
        for (Lane lane : lanes) {
            if (lane.isOn(loop)) {
                return lane;
            }
        }
        return null;
    }

    private @Nullable Lane emptiest() {
        Lane emptiest = null;
        for (Lane lane : lanes) {
            if (lane.isOn(settings.executor()) && (emptiest == null || lane.size() < emptiest.size())) {
                emptiest = lane;
            }
        }
        return emptiest;
    }

    private long owned() {
        return Arrays.stream(lanes)
                .filter(lane -> lane.isOn(settings.executor()))
                .count();
    }

    // --- all of them ---

    /** Calls something with each stream, in turns of their lanes. */
    CompletionStage<Void> visit(Consumer<JournalStream> visitor) {
        return CompletableFuture.allOf(Arrays.stream(lanes)
                .map(lane -> lane.visit(visitor).toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new));
    }

    /** Has every stream look around. */
    void markAll() {
        for (Lane lane : lanes) {
            lane.markAll();
        }
    }

    /** How much of something there was. */
    long count(int what) {
        return Arrays.stream(lanes).mapToLong(lane -> lane.count(what)).sum();
    }
}
