/**
 * Serves an event source server from {@code com.sun.net.httpserver.HttpServer}: give an {@link
 * eventsource.server.jdkhttpserver.EventSourceHandler} a context.
 */
package eventsource.server.jdkhttpserver;
