package eventsource.server.examples.springwebflux;

import eventsource.server.examples.contract.ManyServersContract;

/** The examples that have many servers, on Spring WebFlux. */
class ManyServersOnSpringWebFluxTest extends ManyServersContract {

    @Override
    protected String server() {
        return "spring-webflux";
    }
}
