/**
 * Serves event source servers, and what else an application has, from an embedded server on Netty: see {@link
 * eventsource.server.netty.EventSourceNetty}.
 */
package eventsource.server.netty;
