package eventsource.server.spi;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The part of an HTTP request that decides about a stream. Immutable.
 *
 * <p>Header values are as servers commonly give them: each byte of the wire is one character. Where a value has to be read
 * as UTF-8, that is done here and in {@link HttpManners}.
 */
public final class HttpRequest {

    private final String method;
    private final String path;
    private final String query;
    private final Function<? super String, ? extends List<String>> headers;
    private final boolean loopback;
    private @Nullable Executor executor; // set while a copy is made, and never again

    private HttpRequest(
            String method,
            String path,
            String query,
            Function<? super String, ? extends List<String>> headers,
            boolean loopback) {
        this.method = method;
        this.path = path;
        this.query = query;
        this.headers = headers;
        this.loopback = loopback;
    }

    /**
     * A request as an adapter has received it.
     *
     * @param method the method, in capitals
     * @param target the request target: a path with an optional query, or an absolute URL
     * @param headers the values of each header, by name in any case
     * @param loopback whether the connection was accepted on a loopback address, so that {@code Host} must be checked
     * @return the request
     */
    public static HttpRequest of(
            String method, String target, Map<String, ? extends List<String>> headers, boolean loopback) {
        Map<String, List<String>> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, values) ->
                byName.computeIfAbsent(name, n -> new ArrayList<>()).addAll(values));
        return of(method, target, name -> byName.getOrDefault(name, List.of()), loopback);
    }

    /**
     * A request whose headers stay where the adapter has them.
     *
     * @param method the method, in capitals
     * @param target the request target: a path with an optional query, or an absolute URL
     * @param headers finds the values of a header by its name, in any case; none if it is not there. Does not change
     * @param loopback whether the connection was accepted on a loopback address, so that {@code Host} must be checked
     * @return the request
     */
    public static HttpRequest of(
            String method, String target, Function<? super String, ? extends List<String>> headers, boolean loopback) {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(headers, "headers");
        String local = withoutAuthority(target);
        int mark = local.indexOf('?');
        return new HttpRequest(
                method,
                mark < 0 ? local : local.substring(0, mark),
                mark < 0 ? "" : local.substring(mark + 1),
                headers,
                loopback);
    }

    private static String withoutAuthority(String target) {
        String lower = target.toLowerCase(Locale.ROOT);
        if (!lower.startsWith("http://") && !lower.startsWith("https://")) {
            return target;
        }
        int start = target.indexOf("://") + 3;
        for (int i = start; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c == '/' || c == '?') {
                return target.substring(i);
            }
        }
        return "/";
    }

    /**
     * Names the event loop of the connection, which then drains the stream that the request gets: see {@link
     * eventsource.server.StreamRequest#drainedBy}.
     *
     * @param loop runs one task after the other, on one thread
     * @return a copy
     */
    public HttpRequest drainedBy(Executor loop) {
        HttpRequest copy = new HttpRequest(method, path, query, headers, loopback);
        copy.executor = Objects.requireNonNull(loop, "loop");
        return copy;
    }

    @Nullable
    Executor executor() {
        return executor;
    }

    /**
     * The method.
     *
     * @return the method, in capitals
     */
    public String method() {
        return method;
    }

    /**
     * The path of the target.
     *
     * @return the path as it was sent, with its percent signs
     */
    public String path() {
        return path;
    }

    /**
     * All values of a header.
     *
     * @param name the name, in any case
     * @return the values in their order; empty if there is none
     */
    public List<String> headers(String name) {
        return headers.apply(name);
    }

    /**
     * The first value of a header.
     *
     * @param name the name, in any case
     * @return the value, or null
     */
    public @Nullable String header(String name) {
        List<String> values = headers(name);
        return values.isEmpty() ? null : values.get(0);
    }

    /**
     * All values of a parameter of the query, decoded as UTF-8; {@code +} is a space.
     *
     * @param name the decoded name
     * @return the values in their order; empty if there is none
     * @throws IllegalArgumentException if the query has a percent sign that no two hexadecimal digits follow, or bytes that
     *     are not UTF-8
     */
    public List<String> parameters(String name) {
        if (query.isEmpty()) {
            return List.of();
        }
        List<String> values = new ArrayList<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            if (!key.isEmpty() && decoded(key).equals(name)) {
                values.add(equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
        return values;
    }

    private static String decoded(String text) {
        if (isPlain(text)) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                bytes.write(hex(text, i + 1) * 16 + hex(text, i + 2));
                i += 2;
            } else if (c == '+') {
                bytes.write(' ');
            } else if (c <= 0xFF) {
                bytes.write(c); // a byte that should have been percent-encoded, and was sent as it is
            } else {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new IllegalArgumentException("the query has bytes that are not UTF-8; encode it as UTF-8", malformed);
        }
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%' || c == '+' || c > 0x7F) {
                return false;
            }
        }
        return true;
    }

    private static int hex(String text, int index) {
        int digit = index < text.length() ? Character.digit(text.charAt(index), 16) : -1;
        if (digit < 0 || text.charAt(index) > 'f') {
            throw new IllegalArgumentException("the query has a percent sign without two hexadecimal digits;"
                    + " write %25 for the percent sign itself");
        }
        return digit;
    }

    /**
     * Whether the connection was accepted on a loopback address.
     *
     * @return true if it was
     */
    public boolean isLoopback() {
        return loopback;
    }
}
