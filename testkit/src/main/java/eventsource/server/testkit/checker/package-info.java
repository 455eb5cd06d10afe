/** What proves of a history that nothing was lost: who emitted what, who received what, and whether that goes together. */
package eventsource.server.testkit.checker;
