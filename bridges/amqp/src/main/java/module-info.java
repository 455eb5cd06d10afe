import org.jspecify.annotations.NullMarked;

/** Emits what comes from a queue or an exchange of RabbitMQ. */
@NullMarked
@SuppressWarnings("requires-transitive-automatic") // RabbitMQ's client has a module's name, and no description of one
module eventsource.server.amqp {
    requires transitive eventsource.server;
    requires transitive com.rabbitmq.client;
    requires static transitive org.jspecify;

    exports eventsource.server.amqp;
}
