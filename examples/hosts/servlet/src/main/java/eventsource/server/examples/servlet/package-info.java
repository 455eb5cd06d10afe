/** How the hosts that are servlet containers serve the examples. */
@NullMarked
package eventsource.server.examples.servlet;

import org.jspecify.annotations.NullMarked;
