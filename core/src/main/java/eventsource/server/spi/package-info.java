/** What an adapter for a web server needs: HTTP manners, decided once for all of them. */
package eventsource.server.spi;
