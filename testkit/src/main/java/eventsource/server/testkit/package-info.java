/** What adapters and logs are tested with: a transport contract to inherit and a clock that stands still. */
package eventsource.server.testkit;
