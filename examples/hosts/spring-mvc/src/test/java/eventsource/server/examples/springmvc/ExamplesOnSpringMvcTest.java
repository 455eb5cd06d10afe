package eventsource.server.examples.springmvc;

import eventsource.server.examples.contract.ExamplesContract;

/** The examples on Spring MVC. */
class ExamplesOnSpringMvcTest extends ExamplesContract {

    @Override
    protected String server() {
        return "spring-mvc";
    }
}
