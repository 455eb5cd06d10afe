package eventsource.server.examples.undertow;

import eventsource.server.examples.contract.ManyServersContract;

/** The examples that have many servers, in Undertow. */
class ManyServersOnUndertowTest extends ManyServersContract {

    @Override
    protected String server() {
        return "undertow";
    }
}
