package eventsource.server.fanout;

/**
 * What became of streams when their server ended.
 *
 * @param whole how many ended as a complete response does
 * @param all how many ended, however they did
 */
record Ends(long whole, long all) {}
