package eventsource.server.amqp;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The last ids that were emitted, up to a number. For one thread. */
final class Remembered {

    private final Set<String> ids = new LinkedHashSet<>();
    private final int most;

    Remembered(int most) {
        this.most = most;
    }

    boolean has(@Nullable String id) {
        return id != null && ids.contains(id);
    }

    void add(@Nullable String id) {
        if (id != null && most > 0 && ids.add(id) && ids.size() > most) {
            ids.remove(ids.iterator().next());
        }
    }
}
