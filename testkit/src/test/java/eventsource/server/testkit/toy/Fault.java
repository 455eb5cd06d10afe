package eventsource.server.testkit.toy;

import java.util.List;

/** What can be wrong with a transport: how the toy breaks, and which cases of the contract fail for it, and why. */
enum Fault {
    HOLDS_FIRST_BYTES("keeps the first bytes until there is an event", "the wire format", "firstBytesComeAtOnce"),
    DROPS_SPACES("writes no space after the colon", "the wire format", "goldenBytes", "goldenBody"),
    SPLITS_AT_U2028("takes the body for text, and U+2028 for the end of a line", "promise 6", "nothingCanBeInjected"),
    CUTS_LARGE_EVENTS("writes the first 64 KiB of what it is given", "promise 8", "largeEvents", "poorNetwork"),
    CHUNKS_HTTP_1_0("sends chunks to a client of HTTP/1.0", "the wire format", "http10"),
    DROPS_COMMENTS("writes no comment lines", "the wire format", "heartbeats"),
    BEATS_BY_ITSELF("adds heartbeats of its own, wherever it stands", "the wire format", "heartbeatsBesideLargeEvents"),
    DROPS_HEADERS("sends no headers but the type", "the manners of HTTP", "head", "allowedOrigin"),
    DEMANDS_THE_TYPE(
            "serves only who accepts exactly the type of event streams", "the manners of HTTP", "acceptedStreams"),
    HIDES_ACCEPT("does not pass on what the client accepts", "the manners of HTTP", "unacceptableStreams"),
    TAKES_HEAD_FOR_GET("answers HEAD with a stream", "the manners of HTTP", "headRequest"),
    TAKES_ALL_FOR_GET("passes on every method as GET", "the manners of HTTP", "otherMethods"),
    COMPRESSES("says that it compresses, to who takes that", "the manners of HTTP", "noCompression"),
    HAS_SHORT_LINES("leaves without a word when a line is long", "the manners of HTTP", "unusualRequests"),
    HIDES_ORIGIN("does not pass on the origin", "the manners of HTTP", "otherOrigins", "allowedOrigin"),
    ANSWERS_OPTIONS("answers OPTIONS by itself", "the manners of HTTP", "preflight"),
    HIDES_HOST("does not pass on the name that it was asked by", "the manners of HTTP", "foreignHosts"),
    REFUSES_BY_STATUS("makes a server error of every refusal", "promise 8", "overloadAsStream"),
    HIDES_RETRY_AFTER("does not say when to come back", "promise 8", "overloadAsStatus"),
    HIDES_LAST_EVENT_ID(
            "does not pass on the last event id",
            "promise 2",
            "resumes",
            "resumesAtAnyMoment",
            "networkThatLosesEverything"),
    DOUBLES_ON_RESUME("sends the first event after a resume twice", "promise 2", "cutAnywhere", "resumes"),
    HIDES_THE_OUTCOME("does not send whether the client has resumed", "promise 3", "gapIsTold", "foreignIds"),
    PASSES_EMPTY_IDS_ON("makes an unknown id of an empty one", "promise 2", "emptyIds"),
    HIDES_THE_QUERY("does not pass on the query", "promise 2", "idsInQueries"),
    READS_HEADERS_AS_ASCII("replaces what is not ASCII in headers", "promise 2", "utf8Ids"),
    KEEPS_ONE_TOPIC("passes on the first parameter only", "promise 1", "topics"),
    LOSES_THE_FIRST_EVENT("does not send the first event", "promise 2", "openingEvent", "snapshotThenLive"),
    LOSES_EVENTS("loses every second element", "promise 2", "snapshotThenLive", "resumesAtAnyMoment"),
    HIDES_204("answers 200 where there is no content", "promise 7", "finishedServer"),
    RESETS_AT_THE_END(
            "resets the connection instead of ending the body",
            "promise 7",
            "stopEndsStreams",
            "endIsClean",
            "stopSpreads",
            "lifetime"),
    ENDS_WHAT_IS_ABORTED(
            "ends the body in order where the stream was aborted",
            "promise 7",
            "stopAbortsStalledReaders",
            "endAbortsStalledReaders"),
    HAS_QUEUES(
            "asks for more before the client has taken what it was given",
            "promise 7",
            "stopAbortsReadersStalledInTheLastEvent",
            "endAbortsStalledReaders",
            "networkThatTakesNothing"),
    NOTICES_NOBODY("does not say that a client has gone", "promise 7", "resetIsNoticed", "closeIsNoticed"),
    FALLS_SILENT("stops sending when the client closes its sending side, and says nothing", "promise 7", "halfClose"),
    WRITES_IN_TURN("writes to all clients with one thread", "promise 4", "stalledReaderBesideHealthyOnes"),
    READS_IN_TURN("reads all requests with one thread", "promise 4", "halfARequest"),
    DROPS_FROM_QUEUES("drops what a slow client has not taken in time", "promise 4", "slowReader"),
    KEEPS_SOCKETS("keeps the sockets of those who have gone", "promise 8", "storms"),
    STATES_TOO_LITTLE("needs more threads than it states", "promise 8", "thousandStalledStreams");

    final String sentence;
    final String broken;
    private final String cases;

    Fault(String sentence, String broken, String... cases) {
        this.sentence = sentence;
        this.broken = broken;
        this.cases = String.join(" ", cases);
    }

    List<String> cases() {
        return List.of(cases.split(" ", -1));
    }
}
