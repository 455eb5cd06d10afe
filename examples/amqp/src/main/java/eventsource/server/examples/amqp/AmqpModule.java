package eventsource.server.examples.amqp;

import eventsource.server.examples.ExampleModule;
import eventsource.server.examples.Program;

/** The example {@code amqp}, as a service. */
public final class AmqpModule implements ExampleModule {

    @Override
    public String name() {
        return "amqp";
    }

    @Override
    public Program program() {
        return Program.offering("--uri", Amqp::new);
    }
}
