package eventsource.server.testkit;

import eventsource.server.parser.TestClient;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/** Says with each failure which promise is broken, and what the clients were sent. */
final class Evidence implements TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {

    /** A case may have a thousand clients. */
    private static final int SHOWN = 5;

    private final List<TestClient> clients;

    Evidence(List<TestClient> clients) {
        this.clients = clients;
    }

    @Override
    public void handleTestExecutionException(ExtensionContext test, Throwable failure) throws Throwable {
        throw withEvidence(test, failure);
    }

    @Override
    public void handleAfterEachMethodExecutionException(ExtensionContext test, Throwable failure) throws Throwable {
        throw withEvidence(test, failure);
    }

    private Throwable withEvidence(ExtensionContext test, Throwable failure) {
        if (failure instanceof TestAbortedException) {
            return failure;
        }
        StringBuilder text = new StringBuilder("broken: ")
                .append(proved(test.getRequiredTestMethod()))
                .append("\n  ")
                .append(failure.getMessage() == null ? failure.toString() : failure.getMessage());
        int first = Math.max(0, clients.size() - SHOWN);
        if (first > 0) {
            text.append("\n  of ")
                    .append(clients.size())
                    .append(" clients, the last ")
                    .append(SHOWN);
        }
        for (int i = first; i < clients.size(); i++) {
            text.append("\n  client ").append(i + 1).append(": ").append(clients.get(i));
        }
        return new AssertionError(text.toString(), failure);
    }

    /** What the method proves, or else its class. */
    static String proved(Method test) {
        @Nullable Proves own = test.getAnnotation(Proves.class);
        Proves proved = own == null ? test.getDeclaringClass().getAnnotation(Proves.class) : own;
        return proved == null ? "a case of the subclass's own" : proved.value();
    }
}
