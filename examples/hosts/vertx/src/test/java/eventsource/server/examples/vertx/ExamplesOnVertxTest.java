package eventsource.server.examples.vertx;

import eventsource.server.examples.contract.ExamplesContract;

/** The examples on Vert.x. */
class ExamplesOnVertxTest extends ExamplesContract {

    @Override
    protected String server() {
        return "vertx";
    }
}
