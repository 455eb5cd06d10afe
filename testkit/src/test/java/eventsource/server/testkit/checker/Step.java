package eventsource.server.testkit.checker;

import eventsource.server.Resume.Outcome;
import eventsource.server.StreamRequest;
import eventsource.server.spi.AppendRefusedException;
import eventsource.server.spi.AppendUnknownException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One call of a recorder: a history is a list of these, which can be changed before it is played. */
interface Step {

    /** Everybody who takes part. */
    final class Cast {

        final Checker checker = new Checker();
        final List<EmitterRecorder> emitters = new ArrayList<>();
        final List<ClientRecorder> clients = new ArrayList<>();

        Cast(int emitters, List<Set<String>> topicsOfClients) {
            for (int i = 0; i < emitters; i++) {
                this.emitters.add(checker.emitter("emitter " + i));
            }
            for (Set<String> topics : topicsOfClients) {
                StreamRequest request =
                        topics.isEmpty() ? StreamRequest.all() : StreamRequest.of(topics.toArray(String[]::new));
                clients.add(checker.client("client " + clients.size(), request));
            }
        }
    }

    void play(Cast cast);

    /** The client that it is about; -1 for none. */
    default int client() {
        return -1;
    }

    /** What became of an emission. */
    enum Fate {
        STORED,
        REFUSED,
        UNKNOWN_AND_STORED,
        UNKNOWN_AND_LOST;

        boolean isStored() {
            return this == STORED || this == UNKNOWN_AND_STORED;
        }

        CompletionStage<String> outcome(String id) {
            return switch (this) {
                case STORED -> CompletableFuture.completedFuture(id);
                case REFUSED -> CompletableFuture.failedFuture(new AppendRefusedException("refused"));
                default -> CompletableFuture.failedFuture(new AppendUnknownException("unknown"));
            };
        }
    }

    /** An emission, whose id is known once it was stored. */
    final class Emitted {

        final int emitter;
        final int number;
        final String payload;
        final Set<String> topics;
        final Fate fate;
        String id;
        int place = -1;

        Emitted(int emitter, int number, Set<String> topics, Fate fate, String id) {
            this.emitter = emitter;
            this.number = number;
            this.payload = "emission " + number + " of " + emitter;
            this.topics = topics;
            this.fate = fate;
            this.id = id;
        }

        @Override
        public String toString() {
            return payload + " to " + topics + " (" + fate + ", id " + id + ")";
        }
    }

    record Announced(int emitter) implements Step {
        @Override
        public void play(Cast cast) {
            cast.emitters.get(emitter).announce();
        }
    }

    record Recorded(Emitted emitted) implements Step {
        @Override
        public void play(Cast cast) {
            cast.emitters
                    .get(emitted.emitter)
                    .record(emitted.payload, List.copyOf(emitted.topics), emitted.fate.outcome(emitted.id));
        }
    }

    /** A client connects; it goes on if it was resumed with what it had last. */
    record Connected(int client, Outcome told, String after, boolean goesOn) implements Step {
        @Override
        public void play(Cast cast) {
            cast.clients.get(client).connected(told, after);
        }
    }

    record Placed(int client, String id) implements Step {
        @Override
        public void play(Cast cast) {
            cast.clients.get(client).startsAfter(id);
        }
    }

    record Gap(int client, String from) implements Step {
        @Override
        public void play(Cast cast) {
            cast.clients.get(client).gapTold(from);
        }
    }

    /** A client receives an emission; or something that was not emitted. */
    record Received(
            int client, String id, String payload, @Nullable Emitted emitted) implements Step {
        @Override
        public void play(Cast cast) {
            cast.clients.get(client).received(id, payload);
        }
    }

    record CaughtUp(int client) implements Step {
        @Override
        public void play(Cast cast) {
            cast.clients.get(client).caughtUp();
        }
    }
}
