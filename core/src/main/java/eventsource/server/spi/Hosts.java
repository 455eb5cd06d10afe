package eventsource.server.spi;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names by which a server may be asked. A page of a foreign site can have its own name resolve to 127.0.0.1, and would
 * then be taken for a local one; the header {@code Host} gives it away.
 */
final class Hosts {

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1]");
    private static final Pattern NAME = Pattern.compile("([^\\s:/?#@*\\[\\]]+|\\[[0-9A-Fa-f:.]+])(:\\d*)?");

    private final Set<String> allowed = new HashSet<>();

    void allow(String host) {
        if (!NAME.matcher(host).matches()) {
            throw new IllegalArgumentException("allowed host is \"" + host + "\"; write a name or an address as in"
                    + " events.example.com or [2001:db8::1], without a pattern or a path");
        }
        allowed.add(withoutPort(host));
    }

    Hosts copy() {
        Hosts copy = new Hosts();
        copy.allowed.addAll(allowed);
        return copy;
    }

    /** Whether the request asks by a name that leads here. */
    boolean admit(HttpRequest request) {
        List<String> values = request.headers("Host");
        if (values.isEmpty() || (allowed.isEmpty() && !request.isLoopback())) {
            return true; // no browser leaves it out
        }
        String host = withoutPort(values.get(0));
        return values.size() == 1 && (allowed.contains(host) || (request.isLoopback() && isLoopback(host)));
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost")
                || host.equals("127.0.0.1")
                || LOOPBACK.matcher(host).matches();
    }

    private static String withoutPort(String host) {
        String name = host.trim().toLowerCase(Locale.ROOT);
        int end = name.length();
        while (end > 0 && name.charAt(end - 1) >= '0' && name.charAt(end - 1) <= '9') {
            end--;
        }
        return end > 0 && name.charAt(end - 1) == ':' ? name.substring(0, end - 1) : name;
    }
}
