package eventsource.server.fanout;

import java.io.IOException;

/** Why a run does not count: something was lost, came twice, or in another order, or a stream ended. */
final class VoidRun extends IOException {

    private static final long serialVersionUID = 1;

    VoidRun(String why) {
        super(why);
    }
}
