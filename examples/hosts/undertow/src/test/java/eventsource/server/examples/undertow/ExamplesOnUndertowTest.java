package eventsource.server.examples.undertow;

import eventsource.server.examples.contract.ExamplesContract;

/** The examples in Undertow. */
class ExamplesOnUndertowTest extends ExamplesContract {

    @Override
    protected String server() {
        return "undertow";
    }
}
