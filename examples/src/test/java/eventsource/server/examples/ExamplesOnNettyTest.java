package eventsource.server.examples;

import eventsource.server.examples.contract.ExamplesContract;

/** The examples on the embedded server. */
class ExamplesOnNettyTest extends ExamplesContract {

    @Override
    protected String server() {
        return "netty";
    }
}
