/** What the core costs: measured by programs that anyone can run again with {@code benchmarks/run}. */
@NullMarked
package eventsource.server.benchmarks;

import org.jspecify.annotations.NullMarked;
