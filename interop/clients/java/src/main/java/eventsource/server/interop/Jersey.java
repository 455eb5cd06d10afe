package eventsource.server.interop;

import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.client.ClientResponseFilter;
import jakarta.ws.rs.sse.SseEventSource;

/** Jersey's SseEventSource, which reconnects by itself. */
final class Jersey {

    private Jersey() {}

    public static void main(String[] args) {
        Report.untilInputCloses();
        Client client = ClientBuilder.newClient();
        // An SseEventSource does not tell when it has connected.
        client.register((ClientResponseFilter) (request, response) -> {
            if (response.getStatus() == 200) {
                Report.open();
            }
        });
        SseEventSource source = SseEventSource.target(client.target(args[0])).build();
        source.register(
                event -> Report.event(event.getName(), event.readData(), event.getId()), Report::error, Report::closed);
        source.open();
    }
}
