/**
 * A queue or an exchange of RabbitMQ, or of another broker that speaks AMQP 0-9-1, as a source of events: begin with {@link
 * eventsource.server.amqp.AmqpSource}.
 */
package eventsource.server.amqp;
