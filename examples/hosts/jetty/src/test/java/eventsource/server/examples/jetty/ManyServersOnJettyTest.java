package eventsource.server.examples.jetty;

import eventsource.server.examples.contract.ManyServersContract;

/** The examples that have many servers, in Jetty. */
class ManyServersOnJettyTest extends ManyServersContract {

    @Override
    protected String server() {
        return "jetty";
    }
}
