package eventsource.server.examples;

/** An example that is a module of its own, with whatever it needs. It is found as a service. */
public interface ExampleModule {

    /** What {@code examples/run} calls it. */
    String name();

    /** How it is made. */
    Program program();
}
