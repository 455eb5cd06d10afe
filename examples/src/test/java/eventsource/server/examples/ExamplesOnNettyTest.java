package eventsource.server.examples;

/** The same on the embedded server. */
class ExamplesOnNettyTest extends ExamplesTest {

    @Override
    String server() {
        return "netty";
    }
}
