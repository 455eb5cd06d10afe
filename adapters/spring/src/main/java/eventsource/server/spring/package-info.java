/**
 * Serves an event source server from Spring: controller methods return streams, and Spring Boot makes, configures and stops the
 * server. What an application names are {@link eventsource.server.EventSourceServer}, which is a bean, and {@link
 * eventsource.server.spring.JsonEvents}.
 */
@NullMarked
package eventsource.server.spring;

import org.jspecify.annotations.NullMarked;
