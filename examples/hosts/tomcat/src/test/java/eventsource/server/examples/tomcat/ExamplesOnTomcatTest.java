package eventsource.server.examples.tomcat;

import eventsource.server.examples.contract.ExamplesContract;

/** The examples in Tomcat. */
class ExamplesOnTomcatTest extends ExamplesContract {

    @Override
    protected String server() {
        return "tomcat";
    }
}
