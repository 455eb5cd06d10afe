package eventsource.server.fanout;

import java.util.List;

/**
 * What is done to each contestant.
 *
 * @param name as in options, and of the file of raw results
 * @param kind what is measured
 * @param streams how many clients
 * @param topics among which the streams are spread; several are posted to over several connections
 * @param bytes of an event's data
 * @param posts how many events are posted back to back, each by a request of its own, before the streams are waited for
 * @param warmSeconds how long it goes on before anything is measured
 * @param seconds how long it is measured, if it is not stalled
 * @param megabytes how much is emitted in a stalled run
 * @param rounds how often
 * @param contestants whom it is for
 */
record Scenario(
        String name,
        Kind kind,
        int streams,
        int topics,
        int bytes,
        int posts,
        double warmSeconds,
        double seconds,
        int megabytes,
        int rounds,
        List<String> contestants) {

    /** What is measured. */
    enum Kind {
        /** The next event is emitted when all have the last. */
        SATURATED,
        /** The contestant emits by itself, many times a second; what is allocated is of deliveries and events, not of posts. */
        TICKING,
        /** Nothing is emitted; heartbeats go out each second. */
        IDLE,
        /** Streams are opened, as many as there may be, as fast as they are answered; with nothing else going on. */
        ACCEPT,
        /** What streams take, and how long it takes to end them; then, in another process, what one that stalls does to others. */
        HOSTS,
        /** One client does not read. */
        STALLED,
        /** As that, and beside it the same with all of them reading. */
        STALLED_OR_NOT
    }

    private static final int TICKS = 50; // each second

    /** Ours retain less than is emitted, so that a client that does not read falls off the end. */
    private static final int STALLED_RETAIN_BYTES = 16 << 20;

    private static final List<String> BASIC =
            List.of("floor", "jdk", "netty", "undertow", "helidon", "vertx", "webflux", "soklet");
    private static final List<String> TRANSPORTS = List.of(
            "floor",
            "jdk",
            "netty",
            "netty-nio",
            "netty-io_uring",
            "undertow",
            "helidon",
            "vertx",
            "webflux",
            "soklet");
    private static final List<String> FASTEST = List.of("floor", "netty", "undertow", "helidon", "vertx");
    private static final List<String> BURSTS = List.of("floor", "netty", "undertow");
    private static final List<String> FLOOR_AND_OURS = List.of("floor", "netty");

    private static final List<String> HOSTS = List.of(
            "ours-tomcat",
            "ours-jetty",
            "jetty",
            "ours-undertow",
            "undertow",
            "ours-spring-mvc",
            "spring-mvc",
            "ours-spring-webflux",
            "webflux",
            "ours-vertx",
            "vertx",
            "ours-netty",
            "ours-jdk");

    private static final int HOSTS_STALLED_STREAMS = 100;
    private static final int STALLED_BYTES = 16_384;

    static final List<Scenario> ALL = List.of(
            saturated("saturated-1000", 1_000, 1, 1, 5, 3, 5, TRANSPORTS),
            saturated("saturated-10000", 10_000, 1, 1, 4, 3, 5, FASTEST),
            saturated("back-to-back", 100, 1, 10_000, 5, 5, 5, BURSTS),
            saturated("topics", 10_000, 1_000, 1, 6, 5, 5, FLOOR_AND_OURS),
            saturated("tls", 1_000, 1, 1, 5, 5, 5, List.of("floor", "netty", "netty-tls")),
            new Scenario("minute", Kind.TICKING, 1_000, 1, 100, 1, 10, 60, 0, 1, List.of("netty")),
            new Scenario("idle", Kind.IDLE, 19_000, 1, 100, 1, 3, 10, 0, 5, List.of("floor", "accepting", "netty")),
            new Scenario("accept", Kind.ACCEPT, 19_000, 1, 100, 1, 0, 0, 0, 5, List.of("floor", "accepting", "netty")),
            new Scenario("stalled", Kind.STALLED, 100, 1, STALLED_BYTES, 1, 1, 0, 50, 1, BASIC),
            new Scenario(
                    "stalled-1000", Kind.STALLED_OR_NOT, 1_000, 1, STALLED_BYTES, 1, 2, 0, 200, 3, List.of("netty")),
            new Scenario("hosts", Kind.HOSTS, 1_000, 1, 100, 1, 1, 0, 50, 1, HOSTS));

    private static Scenario saturated(
            String name,
            int streams,
            int topics,
            int posts,
            double warmSeconds,
            double seconds,
            int rounds,
            List<String> contestants) {
        return new Scenario(
                name, Kind.SATURATED, streams, topics, 100, posts, warmSeconds, seconds, 0, rounds, contestants);
    }

    boolean isStalled() {
        return kind == Kind.STALLED || kind == Kind.STALLED_OR_NOT;
    }

    /** What is run of it for each contestant, each part in a process of its own. */
    List<Scenario> parts() {
        return kind != Kind.HOSTS
                ? List.of(this)
                : List.of(
                        this,
                        new Scenario(
                                name,
                                Kind.STALLED,
                                Math.min(streams, HOSTS_STALLED_STREAMS),
                                1,
                                STALLED_BYTES,
                                1,
                                warmSeconds,
                                seconds,
                                megabytes,
                                rounds,
                                contestants));
    }

    /** How many events are emitted while a client is stalled. */
    int stalledEvents() {
        return Math.max(1, (int) (megabytes * 1_000_000L / bytes));
    }

    /** What a contestant's JVM is told about it. */
    List<String> flags() {
        return switch (kind) {
            case SATURATED, ACCEPT -> List.of();
            case TICKING -> List.of("-Dticks=" + TICKS);
            case IDLE -> List.of("-Dkeepalive=1");
            // Whatever threads the JVM may have for itself, it has from the start.
            case HOSTS -> List.of("-XX:-UseDynamicNumberOfCompilerThreads", "-XX:-UseDynamicNumberOfGCThreads");
            case STALLED, STALLED_OR_NOT -> List.of("-DretainBytes=" + STALLED_RETAIN_BYTES);
        };
    }

    Scenario with(int otherStreams, double otherWarm, double otherSeconds, int otherMegabytes, int otherRounds) {
        return new Scenario(
                name,
                kind,
                otherStreams,
                Math.min(topics, otherStreams),
                bytes,
                posts,
                otherWarm,
                otherSeconds,
                otherMegabytes,
                otherRounds,
                contestants);
    }

    Scenario of(List<String> others) {
        return new Scenario(name, kind, streams, topics, bytes, posts, warmSeconds, seconds, megabytes, rounds, others);
    }
}
