/** The examples {@code amqp} and {@code amqp-send}: a queue of RabbitMQ in the browser. */
@org.jspecify.annotations.NullMarked
package eventsource.server.examples.amqp;
