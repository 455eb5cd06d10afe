package eventsource.server.fanout;

/** How long deliveries took, in classes no wider than a sixty-fourth of their value. */
final class Latencies {

    private static final int PART_BITS = 6;
    private static final int PARTS = 1 << PART_BITS;

    private final long[] counts = new long[(Long.SIZE - PART_BITS) * PARTS];
    private long total;

    void add(long nanos, long times) {
        counts[place(Math.max(0, nanos))] += times;
        total += times;
    }

    private static int place(long nanos) {
        if (nanos < PARTS) {
            return (int) nanos;
        }
        int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos) - PART_BITS;
        return (shift + 1) * PARTS + (int) (nanos >>> shift) - PARTS;
    }

    private static double middle(int place) {
        if (place < PARTS) {
            return place;
        }
        int shift = place / PARTS - 1;
        return (double) ((long) (PARTS + place % PARTS) << shift) + ((1L << shift) - 1) / 2.0;
    }

    /** The latency that a part of all deliveries did not exceed, in nanoseconds; 0 if there were none. */
    double quantile(double part) {
        long left = (long) Math.ceil(part * total);
        for (int place = 0; place < counts.length; place++) {
            left -= counts[place];
            if (left <= 0) {
                return total == 0 ? 0 : middle(place);
            }
        }
        return 0;
    }
}
