/** The examples on Vert.x. */
@org.jspecify.annotations.NullMarked
package eventsource.server.examples.vertx;
