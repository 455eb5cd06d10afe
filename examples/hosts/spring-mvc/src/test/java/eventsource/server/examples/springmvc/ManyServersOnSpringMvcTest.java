package eventsource.server.examples.springmvc;

import eventsource.server.examples.contract.ManyServersContract;

/** The examples that have many servers, on Spring MVC. */
class ManyServersOnSpringMvcTest extends ManyServersContract {

    @Override
    protected String server() {
        return "spring-mvc";
    }
}
