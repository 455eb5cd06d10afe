package eventsource.server.parser;

/**
 * What a browser dispatches for one event of a stream.
 *
 * @param type the event type, {@code message} when the stream names none
 * @param data the data lines joined by LF
 * @param lastEventId the last event ID string at the time of the event; sticky, empty when there was none so far
 */
public record ParsedEvent(String type, String data, String lastEventId) {}
