package eventsource.server;

import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ScheduledExecutorService;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** A server that one actor writes to, and its journal, which another reads as a lane's turn does. */
final class Written {

    private static final int BEFORE_THE_NUMBER = "data: ".length();

    /** Forgets all that is scheduled: time plays no part here, and millions of servers must not wait for it. */
    private static final ScheduledExecutorService NO_TIMER = (ScheduledExecutorService) Proxy.newProxyInstance(
            Written.class.getClassLoader(),
            new Class<?>[] {ScheduledExecutorService.class},
            (timer, call, with) -> null);

    private static final Field JOURNAL = journalField();

    final EventSourceServer server;
    final Journal journal;

    private Written(EventSourceServerBuilder options) {
        server = options.build();
        try {
            journal = (Journal) JOURNAL.get(server);
        } catch (IllegalAccessException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static Field journalField() {
        try {
            Field field = EventSourceServer.class.getDeclaredField("journal");
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException renamed) {
            throw new AssertionError(renamed);
        }
    }

    /** A server whose turns run on the thread that causes them. */
    static EventSourceServerBuilder options() {
        return EventSourceServer.builder()
                .executor(Runnable::run)
                .timer(NO_TIMER, () -> 0)
                .retainFor(Duration.ZERO)
                .keepalive(Duration.ZERO);
    }

    static Written to(EventSourceServerBuilder options) {
        return new Written(options);
    }

    Feed[] feeds(String... topics) {
        return journal.cursors().hold(StreamRequest.of(topics));
    }

    /** Emits events that say their numbers. */
    void emit(int from, int to, String... topics) {
        for (int number = from; number <= to; number++) {
            server.emit(Event.of("" + number), topics);
        }
    }

    /** Looks for what is pending, as a lane's turn does: the numbers in a row and through which, or -1 and 0 if lapped. */
    static void read(Feed[] feeds, long after, long told, long head, JJ_Result seen) {
        Run run = new Run(Representation.PLAIN);
        long[] knows = new long[feeds.length];
        Arrays.fill(knows, told);
        run.find(feeds, after, knows, head, null);
        seen.r1 = run.lapped() ? -1 : numbers(run);
        seen.r2 = run.lapped() ? 0 : run.through();
    }

    private static long numbers(Run run) {
        if (run.size() == 0) {
            return 0;
        }
        long numbers = 0;
        ByteBuffer bytes = run.bytes();
        for (int at = 0; at < bytes.limit(); at++) {
            boolean startsLine = at == 0 || bytes.get(at - 1) == '\n';
            if (startsLine && bytes.get(at) == 'd') {
                numbers = numbers * 10 + bytes.get(at + BEFORE_THE_NUMBER) - '0';
            }
        }
        return numbers;
    }
}
