package eventsource.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class JournalTest {

    @Test
    void whatIsForgottenIsNeitherHeldNorWatched() {
        Journal journal = new Journal(EventSourceServerBuilder.DEFAULTS);
        journal.append(Emission.of(Event.of("1").withId("a"), "t", "u"));
        journal.append(Emission.of(Event.of("2")));
        journal.end(StreamEnd.STOPPED);
        assertNull(journal.append(Emission.of(Event.of("3"))));
        StreamRequest request = StreamRequest.of("t", "u").fromEarliest();
        Cursors.Start start = journal.cursors()
                .enter(request, Objects.requireNonNull(journal.cursors().hold(request)));
        assertEquals(2, Cursors.pending(List.of(start.feeds()), start.after()));
        journal.forget();
        assertEquals(0, Cursors.pending(List.of(start.feeds()), start.after()));
        assertEquals(2, journal.head());
    }
}
