/** The examples on Spring WebFlux. */
@NullMarked
package eventsource.server.examples.springwebflux;

import org.jspecify.annotations.NullMarked;
