package eventsource.server.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import eventsource.server.EventSourceServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The header Host")
class HostsTest {

    private final EventSourceServer server =
            EventSourceServer.builder().executor(Runnable::run).build();

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest(name = "\"{0}\"")
    @DisplayName("CO-06 may name the loopback where the connection came in on it")
    @ValueSource(
            strings = {
                "localhost",
                "localhost:8080",
                "LocalHost:1",
                "localhost:",
                "127.0.0.1",
                "127.0.0.1:8080",
                "127.1.2.3",
                "[::1]",
                "[::1]:8080",
            })
    void loopbackNamesAreServed(String host) {
        Ask.get().host(host).streamOf(HttpManners.of(server)).end();
    }

    @ParameterizedTest(name = "\"{0}\"")
    @DisplayName("CO-06 may name nothing else on loopback: the page of a foreign site could resolve to it")
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8080",
                "127.0.0.1.nip.io",
                "localhost.evil.example",
                "evil.example:localhost",
                "localhost@evil.example",
                "evillocalhost",
                "127.0.0",
                "127.0.0.1:80:80",
                "192.168.0.1",
                "[::2]",
                "::1",
                "",
                ":8080",
            })
    void foreignHostsAreRefusedOnLoopback(String host) {
        for (String method : new String[] {"GET", "HEAD", "OPTIONS", "POST"}) {
            HttpAnswer.Whole answer = Ask.get().method(method).host(host).wholeOf(HttpManners.of(server));
            assertEquals(421, answer.status(), method + " by a foreign name has to be refused");
            assertTrue(answer.body().contains("allowedHosts"), "the refusal says what to change: " + answer.body());
        }
    }

    @Test
    @DisplayName("CO-06 must not be there twice, or what is checked might not be what was asked for")
    void severalHostsAreRefused() {
        assertEquals(
                421,
                Ask.get()
                        .with("Host", "evil.example")
                        .wholeOf(HttpManners.of(server))
                        .status());
        assertEquals(
                421,
                Ask.get()
                        .host("evil.example")
                        .with("Host", "localhost")
                        .wholeOf(HttpManners.of(server))
                        .status());
    }

    @Test
    @DisplayName("CO-06 may be missing: no browser leaves it out")
    void noHostIsServed() {
        Ask.get().without("Host").streamOf(HttpManners.of(server)).end();
    }

    @Test
    @DisplayName("CO-06 may be anything on a public address unless hosts are named")
    void publicAddressesAreServedByAnyName() {
        Ask.get()
                .host("evil.example")
                .onPublicAddress()
                .streamOf(HttpManners.of(server))
                .end();
        HttpManners named =
                HttpManners.builder(server).allowedHosts("events.example.com").build();
        assertEquals(
                421,
                Ask.get().host("evil.example").onPublicAddress().wholeOf(named).status());
        assertEquals(
                421,
                Ask.get().host("localhost").onPublicAddress().wholeOf(named).status(),
                "a loopback name leads to a public address only by a trick");
        Ask.get().host("events.example.com").onPublicAddress().streamOf(named).end();
    }

    @Test
    @DisplayName("CO-06 may name what is allowed, in any case and with any port, on loopback too")
    void allowedHostsAreServed() {
        HttpManners named = HttpManners.builder(server)
                .allowedHosts("Events.example.com:443", "[2001:db8::1]")
                .build();
        Ask.get().host("events.EXAMPLE.com:8443").streamOf(named).end();
        Ask.get().host("[2001:db8::1]:80").streamOf(named).end();
        Ask.get().host("localhost:8080").streamOf(named).end();
        assertEquals(421, Ask.get().host("other.example.com").wholeOf(named).status());
    }

    @ParameterizedTest(name = "\"{0}\"")
    @DisplayName("can be allowed as a name only")
    @ValueSource(strings = {"", " ", "https://events.example.com", "a b", "events.example.com/"})
    void onlyNamesCanBeAllowed(String host) {
        var builder = HttpManners.builder(server);
        assertThrows(IllegalArgumentException.class, () -> builder.allowedHosts(host));
    }

    @Test
    @DisplayName("CO-06 is checked for the other paths of an application as well")
    void otherPathsAreGuarded() {
        HttpManners manners = HttpManners.of(server);
        assertNull(manners.guard(Ask.get("/metrics").request(), "GET, HEAD"));
        HttpAnswer.Whole refusal =
                manners.guard(Ask.get("/metrics").host("evil.example").request(), "GET, HEAD");
        assertEquals(421, refusal.status());
        assertFalse(refusal.body().contains("evil.example"), "CO-07 the refusal repeats what was sent");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"*", "*.example.com", "2001:db8::1", "http://example.com", "a b", "", "example.com/x", "u@h"})
    void namesThatNeverMatchAreRejected(String host) {
        var builder = HttpManners.builder(server);
        String message = org.junit.jupiter.api.Assertions.assertThrows(
                        IllegalArgumentException.class, () -> builder.allowedHosts(host))
                .getMessage();
        org.junit.jupiter.api.Assertions.assertTrue(message.contains("[2001:db8::1]"), message);
    }
}
