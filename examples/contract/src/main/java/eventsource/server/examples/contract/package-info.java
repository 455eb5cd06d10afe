/** What the examples have to do on every web server that can serve them. */
package eventsource.server.examples.contract;
