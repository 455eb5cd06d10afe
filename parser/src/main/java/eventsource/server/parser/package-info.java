/**
 * An independent parser of event streams and a test client, for tests only: neither bounds what it keeps in memory.
 */
package eventsource.server.parser;
