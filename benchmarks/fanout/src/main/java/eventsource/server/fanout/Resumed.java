package eventsource.server.fanout;

/**
 * What a client got that had stopped reading.
 *
 * @param events how many
 * @param gaps how often events were missing between two
 * @param ended whether the server had ended the stream
 */
record Resumed(long events, long gaps, boolean ended) {}
