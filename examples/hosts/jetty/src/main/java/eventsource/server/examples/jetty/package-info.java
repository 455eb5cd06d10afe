/** Serves the examples from Jetty. */
@NullMarked
package eventsource.server.examples.jetty;

import org.jspecify.annotations.NullMarked;
