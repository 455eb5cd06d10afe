package eventsource.server.spring;

import eventsource.server.EventStream;
import eventsource.server.StreamEnd;
import eventsource.server.StreamListener;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.function.Consumer;

/** All listeners of an application as one. What one of them throws does not keep it from the others. */
final class Listeners implements StreamListener {

    private static final System.Logger LOG = System.getLogger("eventsource.server");

    private final List<StreamListener> all;

    Listeners(List<StreamListener> all) {
        this.all = all;
    }

    @Override
    public void opened(EventStream stream) {
        each(listener -> listener.opened(stream));
    }

    @Override
    public void lagged(EventStream stream, long atMost) {
        each(listener -> listener.lagged(stream, atMost));
    }

    @Override
    public void closed(EventStream stream, StreamEnd end) {
        each(listener -> listener.closed(stream, end));
    }

    private void each(Consumer<StreamListener> call) {
        for (StreamListener listener : all) {
            try {
                call.accept(listener);
            } catch (RuntimeException failure) {
                LOG.log(Level.WARNING, "a stream listener failed", failure);
            }
        }
    }
}
