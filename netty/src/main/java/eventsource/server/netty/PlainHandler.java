package eventsource.server.netty;

import eventsource.server.spi.HttpAnswer;
import eventsource.server.spi.HttpRefusal;
import eventsource.server.spi.HttpRequest;
import java.util.concurrent.CompletionStage;

/** Answers requests that are not for a stream: a page, a place to post to, a state of health. Any number of threads call it. */
@FunctionalInterface
public interface PlainHandler {

    /**
     * Answers a request. It is called on an event loop: it must not block, and completes the answer later if that takes
     * time. Whatever it throws, or the stage fails with, is the answer as well: an {@link HttpRefusal} its status, an {@link
     * IllegalArgumentException} 400 with its text, anything else is logged and answered 500.
     *
     * @param request the request
     * @param body the body; empty if there was none
     * @return completes with the answer, whose headers have neither a length nor anything about the connection
     */
    CompletionStage<HttpAnswer.Whole> answer(HttpRequest request, byte[] body);
}
