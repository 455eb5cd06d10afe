package eventsource.server.examples.jetty;

import eventsource.server.examples.contract.ExamplesContract;

/** The examples in Jetty. */
class ExamplesOnJettyTest extends ExamplesContract {

    @Override
    protected String server() {
        return "jetty";
    }
}
