package eventsource.server;

import eventsource.server.spi.EventLog;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What a server was built with. Durations are in nanoseconds, but for those that go on the wire: milliseconds. */
record Settings(
        long retainBytes,
        int retainTicks,
        int retainPerTopic,
        int keys,
        LagPolicy lag,
        int maxEventBytes,
        int maxStreams,
        int maxSelectors,
        long keepaliveNanos,
        long stallNanos,
        @Nullable Between lifetime,
        Between retry,
        Between retryWhenRefused,
        @Nullable String openingEvent,
        @Nullable String gapEvent,
        @Nullable EventLog log,
        StreamListener listener,
        Executor executor,
        Wheel wheel) {}
