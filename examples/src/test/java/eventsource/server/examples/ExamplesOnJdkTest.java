package eventsource.server.examples;

import eventsource.server.examples.contract.ExamplesContract;

/** The examples on the JDK's own web server. */
class ExamplesOnJdkTest extends ExamplesContract {

    @Override
    protected String server() {
        return "jdk";
    }
}
