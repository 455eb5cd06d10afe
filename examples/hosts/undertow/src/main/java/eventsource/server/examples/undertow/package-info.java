/** Serves the examples from Undertow. */
@NullMarked
package eventsource.server.examples.undertow;

import org.jspecify.annotations.NullMarked;
