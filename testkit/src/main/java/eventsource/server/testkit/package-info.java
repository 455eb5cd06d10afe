/**
 * What adapters, logs and applications are tested with: a transport contract to inherit, a clock that stands still, a proxy
 * that breaks connections, and a client of an endpoint of one's own.
 */
package eventsource.server.testkit;
