/** Serves an event source server from Vert.x Web: give an {@link eventsource.server.vertx.EventSourceHandler} a route. */
package eventsource.server.vertx;
