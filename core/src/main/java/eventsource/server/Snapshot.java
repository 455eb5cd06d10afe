package eventsource.server;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

/** A snapshot of the application's, see {@link StreamRequest#snapshot}. */
final class Snapshot implements Before {

    private final JournalStream stream;
    private final long through;
    private boolean asked;

    Snapshot(JournalStream stream, long through) {
        this.stream = stream;
        this.through = through;
    }

    @Override
    public CompletionStage<Iterator<ByteBuffer>> more() {
        asked = true;
        Resume resume = stream.resume();
        return Objects.requireNonNull(stream.request().snapshot())
                .apply(resume)
                .thenApply(events -> encoded(List.copyOf(events), resume.from()));
    }

    /** Encodes as it is sent. The last event has the id: whoever has that has all of them. */
    private static Iterator<ByteBuffer> encoded(List<Event> events, String id) {
        int last = events.size() - 1;
        return IntStream.rangeClosed(0, last)
                .mapToObj(i -> Frame.loose(events.get(i), i == last ? id : null))
                .iterator();
    }

    @Override
    public boolean isOver() {
        return asked;
    }

    @Override
    public long through() {
        return through;
    }
}
