package eventsource.server.interop;

import com.launchdarkly.eventsource.EventSource;
import com.launchdarkly.eventsource.MessageEvent;
import com.launchdarkly.eventsource.background.BackgroundEventHandler;
import com.launchdarkly.eventsource.background.BackgroundEventSource;
import java.net.URI;

/** LaunchDarkly's okhttp-eventsource, which reconnects by itself. */
final class LaunchDarkly implements BackgroundEventHandler {

    private LaunchDarkly() {}

    public static void main(String[] args) {
        Report.untilInputCloses();
        EventSource.Builder source = new EventSource.Builder(URI.create(args[0]));
        new BackgroundEventSource.Builder(new LaunchDarkly(), source).build().start();
    }

    @Override
    public void onOpen() {
        Report.open();
    }

    @Override
    public void onMessage(String type, MessageEvent event) {
        Report.event(type, event.getData(), event.getLastEventId());
    }

    @Override
    public void onError(Throwable failure) {
        Report.error(failure);
    }

    @Override
    public void onClosed() {
        // Of one connection; it goes on with the next.
        Report.error("the stream has ended");
    }

    @Override
    public void onComment(String comment) {}
}
