package eventsource.server.netty;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is served at which path: a path as it is, or with {@code /*} at its end everything below it. The longest one that fits counts.
 * Not changed any more once it is used.
 */
final class PathMap<T> {

    private static final String BELOW = "/*";

    private final Map<String, T> paths = new HashMap<>();
    private int longest;

    /** What was found, and how well it fits. */
    record Found<T>(T value, int length) {}

    void put(String path, T value) {
        int star = path.indexOf('*');
        boolean wild = star >= 0 && !(path.endsWith(BELOW) && star == path.length() - 1);
        if (!path.startsWith("/") || wild || path.indexOf('?') >= 0 || path.indexOf('#') >= 0) {
            throw new IllegalArgumentException(
                    "the path \"" + path + "\" is none; write one as in /events, or /events/* for all below it");
        }
        if (paths.putIfAbsent(path, value) != null) {
            throw new IllegalArgumentException("the path " + path + " is given twice; give each path once");
        }
        longest = Math.max(longest, path.length());
    }

    boolean isEmpty() {
        return paths.isEmpty();
    }

    @Nullable
    Found<T> find(String path) {
        T exact = paths.get(path);
        if (exact != null) {
            return new Found<>(exact, Integer.MAX_VALUE);
        }
        // No longer prefix than the longest there is: a client can send a path of thousands of slashes.
        for (int end = path.lastIndexOf('/', longest); end >= 0; end = path.lastIndexOf('/', end - 1)) {
            T below = paths.get(path.substring(0, end) + BELOW);
            if (below != null) {
                return new Found<>(below, end);
            }
        }
        return null;
    }
}
