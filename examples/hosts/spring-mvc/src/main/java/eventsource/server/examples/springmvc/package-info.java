/** The examples on Spring MVC. */
@NullMarked
package eventsource.server.examples.springmvc;

import org.jspecify.annotations.NullMarked;
