package eventsource.server.spring;

import eventsource.server.EventSourceServerBuilder;
import eventsource.server.LagPolicy;
import eventsource.server.spi.HttpManners;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What application.properties says about the server and its streams.
 *
 * @param retainBytes how much memory is retained for clients that are slow or come back
 * @param retainFor how long events are retained; zero for no limit but that of memory
 * @param retainPerTopic how many events are retained of each topic; 0 for no limit but those of the server
 * @param keys how many events are kept because they are the newest of their key; 0 if keys have no meaning
 * @param lag what becomes of a client so slow that events it was not sent yet are no longer retained
 * @param maxEventBytes the largest event that is accepted
 * @param maxStreams how many streams may be open at once; as many again of publishers and of the application's other servers
 * @param maxSelectors of how many different selectors there may be streams at once
 * @param keepalive after how much silence a stream is sent a comment line; zero for never
 * @param stall how long a stream may take nothing before it is aborted
 * @param lifetime how long a stream may live; without end by default
 * @param retry when a client comes back that has lost its connection; 2 to 4 seconds by default
 * @param retryWhenRefused when a client comes back that was refused; 5 to 15 seconds by default
 * @param openingEvent type of the event that begins each fresh stream, so that its client has an id to come back with; none by
 *     default
 * @param gapEvent type of the event that tells a client that it has missed events; none by default
 * @param allowedOrigins origins of other sites whose pages may read the streams; * for any
 * @param allowCredentials whether pages of the allowed origins may send cookies
 * @param allowedHosts names that the header Host may have, where a proxy on the same machine passes them on
 * @param topicParameter parameter of the query that names topics, for controller methods that return the bean HttpManners;
 *     anybody may then ask for any topic
 * @param maxTopics how many topics and selectors a request may ask for
 * @param overload what a client is answered for whom there is no room: a stream that says when to come back, or status 503
 * @param stopWithin over how much time the streams end when the application stops, so that not all clients come back at
 *     once; all at once by default. Keep it below spring.lifecycle.timeout-per-shutdown-phase
 */
@ConfigurationProperties("eventsource")
record EventSourceProperties(
        @DefaultValue("64MB") DataSize retainBytes,
        @DefaultValue("5m") Duration retainFor,
        @DefaultValue("0") int retainPerTopic,
        @DefaultValue("0") int keys,
        @DefaultValue("close") LagPolicy lag,
        @DefaultValue("1MB") DataSize maxEventBytes,
        @DefaultValue("100000") int maxStreams,
        @DefaultValue("1000") int maxSelectors,
        @DefaultValue("15s") Duration keepalive,
        @DefaultValue("10s") Duration stall,
        @Nullable Bounds lifetime,
        @Nullable Bounds retry,
        @Nullable Bounds retryWhenRefused,
        @Nullable String openingEvent,
        @Nullable String gapEvent,
        @DefaultValue List<String> allowedOrigins,
        @DefaultValue("false") boolean allowCredentials,
        @DefaultValue List<String> allowedHosts,
        @Nullable String topicParameter,
        @Nullable Integer maxTopics,
        @DefaultValue("stream") HttpManners.Overload overload,
        @Nullable Duration stopWithin) {

    EventSourceProperties {
        if (maxEventBytes.toBytes() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "eventsource.max-event-bytes is " + maxEventBytes + "; choose less than 2 GB");
        }
        if (stopWithin != null && stopWithin.isNegative()) {
            throw new IllegalArgumentException(
                    "eventsource.stop-within is " + stopWithin + "; choose a time that is not negative");
        }
    }

    /**
     * A time that is chosen anew for each stream.
     *
     * @param least the shortest time
     * @param most the longest time
     */
    record Bounds(@Nullable Duration least, @Nullable Duration most) {

        Bounds {
            if (least == null || most == null) {
                throw new IllegalArgumentException("only one bound is given; say both, least and most");
            }
        }

        private Duration shortest() {
            return Objects.requireNonNull(least);
        }

        private Duration longest() {
            return Objects.requireNonNull(most);
        }
    }

    /** What concerns each stream by itself, and not what is retained for all of them. */
    EventSourceServerBuilder applyPace(EventSourceServerBuilder server) {
        server.maxEventBytes(Math.toIntExact(maxEventBytes.toBytes()))
                .keepalive(keepalive)
                .stall(stall);
        if (lifetime != null) {
            server.lifetime(lifetime.shortest(), lifetime.longest());
        }
        if (retry != null) {
            server.retry(retry.shortest(), retry.longest());
        }
        if (gapEvent != null) {
            server.gapEvent(gapEvent);
        }
        return server;
    }

    EventSourceServerBuilder apply(EventSourceServerBuilder server) {
        applyPace(server)
                .retainBytes(retainBytes.toBytes())
                .retainFor(retainFor)
                .retainPerTopic(retainPerTopic)
                .keys(keys)
                .lag(lag)
                .maxStreams(maxStreams)
                .maxSelectors(maxSelectors);
        if (retryWhenRefused != null) {
            server.retryWhenRefused(retryWhenRefused.shortest(), retryWhenRefused.longest());
        }
        if (openingEvent != null) {
            server.openingEvent(openingEvent);
        }
        return server;
    }

    HttpManners.Builder apply(HttpManners.Builder manners) {
        manners.allowedOrigins(allowedOrigins.toArray(String[]::new))
                .allowedHosts(allowedHosts.toArray(String[]::new))
                .overload(overload);
        if (allowCredentials) {
            manners.allowCredentials();
        }
        if (topicParameter != null) {
            manners.topicParameter(topicParameter);
        }
        if (maxTopics != null) {
            manners.maxTopics(maxTopics);
        }
        return manners;
    }
}
