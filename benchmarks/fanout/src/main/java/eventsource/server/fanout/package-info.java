/** What a delivery costs on several web servers, measured from outside: started by {@code benchmarks/fanout/run}. */
@NullMarked
package eventsource.server.fanout;

import org.jspecify.annotations.NullMarked;
