package eventsource.server.spi;

import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The origins whose pages may read streams. An {@code EventSource} asks without a preflight, so a page that may not read
 * must be refused before it has caused any work.
 *
 * @see <a href="https://fetch.spec.whatwg.org/#http-cors-protocol">The CORS protocol</a>
 */
final class Origins {

    private static final Pattern ORIGIN = Pattern.compile("[a-z][a-z0-9+.-]*://[^/?#@*\\s]+");
    private static final Pattern DEFAULT_PORT = Pattern.compile("http://.*:80|https://.*:443");
    private static final String ANY = "*";

    private final Set<String> allowed = new HashSet<>();
    private boolean credentials;

    void allow(String origin) {
        boolean written = ORIGIN.matcher(origin).matches()
                && !DEFAULT_PORT.matcher(origin).matches()
                && origin.equals(origin.toLowerCase(Locale.ROOT));
        if (!written && !origin.equals(ANY)) {
            throw new IllegalArgumentException("allowed origin is \"" + origin
                    + "\"; write it as browsers do, as in https://www.example.com or https://www.example.com:8443,"
                    + " without a default port, a path or a pattern; or \"*\" for any");
        }
        allowed.add(origin);
    }

    void allowCredentials() {
        credentials = true;
    }

    Origins copy() {
        if (credentials && allowed.contains(ANY)) {
            throw new IllegalArgumentException("any origin and credentials are allowed, so every page could read the"
                    + " streams of whoever visits it; name the origins, or do not allow credentials");
        }
        if (credentials && allowed.isEmpty()) {
            throw new IllegalArgumentException("credentials are allowed, and no origin is;"
                    + " name the origins with allowedOrigins, or do not allow credentials");
        }
        Origins copy = new Origins();
        copy.allowed.addAll(allowed);
        copy.credentials = credentials;
        return copy;
    }

    /**
     * Whether the request comes from a page that may read, or from no page.
     *
     * @param any whether it counts that any origin is allowed, as it does for streams alone: what else a server has may not
     *     be meant for every page on the web
     */
    boolean admit(HttpRequest request, boolean any) {
        String origin = request.header("Origin");
        return (any && allowed.contains(ANY))
                || (origin == null
                        ? !isFromElsewhere(request)
                        : allowed.contains(origin) || isSame(origin, request.header("Host")));
    }

    /**
     * Whether a foreign page asks in a way that browsers do not name the origin for, as with an image: it could not read the
     * answer, and would hold a stream all the same. Whoever follows a link to here is welcome.
     */
    private static boolean isFromElsewhere(HttpRequest request) {
        String site = request.header("Sec-Fetch-Site");
        return ("cross-site".equals(site) || "same-site".equals(site))
                && !"document".equals(request.header("Sec-Fetch-Dest"));
    }

    /** Adds what lets the page read the response, whatever its status; an application that says so itself knows better. */
    void addTo(Map<String, String> headers, HttpRequest request, boolean any) {
        if (allowed.isEmpty() || headers.keySet().stream().anyMatch("Access-Control-Allow-Origin"::equalsIgnoreCase)) {
            return;
        }
        if (any && allowed.contains(ANY)) {
            headers.put("Access-Control-Allow-Origin", ANY);
        } else {
            headers.merge("Vary", "Origin", (own, origin) -> own + ", " + origin);
            String origin = request.header("Origin");
            if (origin == null || !allowed.contains(origin)) {
                return;
            }
            headers.put("Access-Control-Allow-Origin", origin);
            if (credentials) {
                headers.put("Access-Control-Allow-Credentials", "true");
            }
        }
        headers.merge("Access-Control-Expose-Headers", "EventSource-Resume", (own, resume) -> own + ", " + resume);
    }

    /** Browsers name the origin of some requests to the page's own server, too. */
    private static boolean isSame(String origin, @Nullable String host) {
        int end = origin.indexOf("://");
        return host != null && end > 0 && origin.substring(end + 3).equalsIgnoreCase(host);
    }
}
