package eventsource.server;

/** What lanes count, as indexes of an array. */
final class Count {

    static final int OPENED = 0;
    static final int DELIVERED = 1;
    static final int BYTES = 2;
    static final int GAPS = 3;
    static final int LAGGED = 4;
    static final int STALLED = 5;

    /** How many there are. */
    static final int ALL = 6;

    private Count() {}
}
