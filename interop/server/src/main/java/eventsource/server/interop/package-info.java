/** The server of the scenario that {@code interop/run} plays with real clients. */
@org.jspecify.annotations.NullMarked
package eventsource.server.interop;
