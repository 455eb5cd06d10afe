package eventsource.server.examples.tomcat;

import eventsource.server.examples.contract.ManyServersContract;

/** The examples that have many servers, in Tomcat. */
class ManyServersOnTomcatTest extends ManyServersContract {

    @Override
    protected String server() {
        return "tomcat";
    }
}
