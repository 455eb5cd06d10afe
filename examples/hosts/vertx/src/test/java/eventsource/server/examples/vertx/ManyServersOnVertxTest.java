package eventsource.server.examples.vertx;

import eventsource.server.examples.contract.ManyServersContract;

/** The examples that have many servers, on Vert.x. */
class ManyServersOnVertxTest extends ManyServersContract {

    @Override
    protected String server() {
        return "vertx";
    }
}
