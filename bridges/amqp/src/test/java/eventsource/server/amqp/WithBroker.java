package eventsource.server.amqp;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Tests that share a broker, which is there as long as their class. */
abstract class WithBroker {

    static EmbeddedBroker embedded;

    @BeforeAll
    static void startBroker() throws Exception {
        embedded = new EmbeddedBroker();
    }

    @AfterAll
    static void stopBroker() {
        embedded.close();
    }
}
