/**
 * Events in, event streams out.
 *
 * <p>An event is checked when it is made, encoded once, and appended to a journal. Every client is a cursor over that
 * journal. A client that can take more gets everything between its cursor and the head, in one write. A client whose
 * cursor falls off the tail is closed; it returns with its last event id, which is just another place to put the cursor.
 *
 * <p>Start with {@link eventsource.server.EventSourceServer}.
 */
package eventsource.server;
