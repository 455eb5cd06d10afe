/** Small programs around an event source server; {@code examples/run} starts them. */
@org.jspecify.annotations.NullMarked
package eventsource.server.examples;
