package eventsource.server.examples;

/** The same on the embedded server. */
class ManyServersOnNettyTest extends ManyServersTest {

    @Override
    String server() {
        return "netty";
    }
}
