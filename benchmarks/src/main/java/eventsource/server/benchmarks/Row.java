package eventsource.server.benchmarks;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One measurement: which kind, and its values by name. As a line it is {@code kind name=value …}, with values that have no
 * spaces.
 */
public record Row(String kind, Map<String, String> values) {

    /**
     * A measurement.
     *
     * @param kind which table it belongs to
     * @param namesAndValues alternately; numbers with a fraction are rounded
     */
    public static Row of(String kind, Object... namesAndValues) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put(namesAndValues[i].toString(), text(namesAndValues[i + 1]));
        }
        return new Row(kind, values);
    }

    private static String text(Object value) {
        return value instanceof Double number
                ? String.format(Locale.ROOT, "%.1f", number)
                : value.toString().replace(' ', '_');
    }

    public static Row parse(String line) {
        String[] words = line.split(" ", -1);
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            values.put(words[i].substring(0, equals), words[i].substring(equals + 1));
        }
        return new Row(words[0], values);
    }

    public String get(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException(this + " has no " + name);
        }
        return value;
    }

    public double number(String name) {
        return Double.parseDouble(get(name));
    }

    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(kind);
        values.forEach(
                (name, value) -> line.append(' ').append(name).append('=').append(value));
        return line.toString();
    }
}
