package eventsource.server.examples;

import eventsource.server.examples.contract.ManyServersContract;

/** The examples that have many servers, on the JDK's own web server. */
class ManyServersOnJdkTest extends ManyServersContract {

    @Override
    protected String server() {
        return "jdk";
    }
}
