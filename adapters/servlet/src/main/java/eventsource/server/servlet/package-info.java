/**
 * Serves an event source server from containers of Jakarta Servlet 6: register an {@link
 * eventsource.server.servlet.EventSourceServlet}.
 */
package eventsource.server.servlet;
