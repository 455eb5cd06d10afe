package eventsource.server;

import java.util.Objects;

/** Chooses topics by how their names begin. */
record Prefix(String prefix) implements Selector {

    Prefix {
        Objects.requireNonNull(prefix, "prefix");
    }

    @Override
    public boolean matches(String topic) {
        return topic.startsWith(prefix);
    }
}
