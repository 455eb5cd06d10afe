package eventsource.server;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a frame keeps of its event besides the bytes. Most events have nothing of it, and share {@link #NONE}. */
record Traits(@Nullable String id, @Nullable String key, boolean removal, Map<String, String> labels) {

    private static final Traits NONE = new Traits(null, null, false, Map.of());

    /** Charged for each text, besides its characters: the objects around it, and its place in a map. */
    private static final int TEXT = 96;

    static Traits of(Event event) {
        String id = "".equals(event.id()) ? null : event.id(); // an empty id leads nowhere
        return id == null && event.key() == null && event.labels().isEmpty()
                ? NONE
                : new Traits(id, event.key(), event.isRemoval(), event.labels());
    }

    int charge() {
        int charge = text(id) + text(key);
        for (Map.Entry<String, String> label : labels.entrySet()) {
            charge += text(label.getKey()) + text(label.getValue());
        }
        return charge;
    }

    private static int text(@Nullable String text) {
        return text == null ? 0 : TEXT + 2 * text.length();
    }
}
