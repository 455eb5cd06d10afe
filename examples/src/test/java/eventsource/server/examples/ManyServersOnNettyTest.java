package eventsource.server.examples;

import eventsource.server.examples.contract.ManyServersContract;

/** The examples that have many servers, on the embedded server. */
class ManyServersOnNettyTest extends ManyServersContract {

    @Override
    protected String server() {
        return "netty";
    }
}
