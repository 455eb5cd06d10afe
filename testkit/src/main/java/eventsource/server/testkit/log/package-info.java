/** What event logs are tested with: a contract to inherit, and a log in memory that goes wrong as it is told to. */
package eventsource.server.testkit.log;
