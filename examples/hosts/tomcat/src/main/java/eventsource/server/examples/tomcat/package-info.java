/** Serves the examples from Tomcat. */
@NullMarked
package eventsource.server.examples.tomcat;

import org.jspecify.annotations.NullMarked;
