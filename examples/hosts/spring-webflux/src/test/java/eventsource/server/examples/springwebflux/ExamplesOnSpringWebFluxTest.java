package eventsource.server.examples.springwebflux;

import eventsource.server.examples.contract.ExamplesContract;

/** The examples on Spring WebFlux. */
class ExamplesOnSpringWebFluxTest extends ExamplesContract {

    @Override
    protected String server() {
        return "spring-webflux";
    }
}
