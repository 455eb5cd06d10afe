package eventsource.server.testkit.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import eventsource.server.Emission;
import eventsource.server.Event;
import eventsource.server.spi.EventLog;
import eventsource.server.spi.EventLog.Entry;
import eventsource.server.spi.EventLog.Page;
import eventsource.server.spi.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * Opens and closes what a test of a log needs: storage, nodes and followers. Each test has a thread of its own, so that a
 * log that blocks for ever fails it instead of the build.
 */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
abstract class LogCase {

    /** More than any test reads at once. */
    static final int PLENTY = 1 << 20;

    private final List<EventLog> nodes = new ArrayList<>();
    private final List<Followed> followers = new ArrayList<>();
    private @Nullable TestedLog tested;
    private @Nullable EventLog log;

    /** See {@link EventLogContract#start}. */
    abstract TestedLog start() throws Exception;

    @BeforeEach
    final void openFirst() throws Exception {
        tested = start();
        log = open();
    }

    @AfterEach
    final void closeAll() {
        nodes.forEach(EventLog::close);
        if (tested != null) {
            tested.close();
        }
        for (Followed follower : followers) {
            assertEquals(List.of(), follower.violations(), "rule 7: how a follower is called");
        }
    }

    final TestedLog tested() {
        return Objects.requireNonNull(tested);
    }

    /** The node that every test has. */
    final EventLog log() {
        return Objects.requireNonNull(log);
    }

    private EventLog open() throws Exception {
        EventLog node = tested().open();
        nodes.add(node);
        return node;
    }

    /** One more node beside those that are open. */
    final EventLog another() throws Exception {
        Assumptions.assumeTrue(tested().isShared(), "the log under test is not shared by several nodes");
        return open();
    }

    /** Closes all nodes and opens a new one, which has what the storage has kept. */
    final EventLog reopen() throws Exception {
        Assumptions.assumeTrue(tested().isDurable(), "the log under test is not durable");
        nodes.forEach(EventLog::close);
        return open();
    }

    final Followed follow(EventLog node, Position after) {
        return follow(node, after, following -> {});
    }

    final Followed follow(EventLog node, Position after, Consumer<EventLog.Following> ending) {
        Followed follower = new Followed(tested().patience());
        followers.add(follower);
        ending.accept(node.follow(after, follower));
        return follower;
    }

    /** Waits for an outcome; one that fails fails the test. */
    final <T extends @Nullable Object> T get(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(tested().patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw new AssertionError("the log has failed", failed.getCause());
        } catch (TimeoutException late) {
            throw new AssertionError("no outcome within " + tested().patience(), late);
        }
    }

    /** Waits for an outcome, which has to be a failure. */
    final Throwable failureOf(CompletionStage<?> stage) throws Exception {
        Throwable failure = get(stage.handle((outcome, thrown) -> thrown));
        if (failure == null) {
            return fail("this should have failed");
        }
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    static Emission emission(String data, String... topics) {
        return Emission.of(Event.of(data), topics);
    }

    final Position append(EventLog node, String data, String... topics) throws Exception {
        return get(node.append(emission(data, topics)));
    }

    /** Appends {@code prefix 0}, {@code prefix 1} and so on; waits for the last outcome. */
    final List<Position> appendAll(EventLog node, String prefix, int number) throws Exception {
        List<CompletionStage<Position>> stages = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            stages.add(node.append(emission(prefix + " " + i)));
        }
        List<Position> positions = new ArrayList<>();
        for (CompletionStage<Position> stage : stages) {
            positions.add(get(stage));
        }
        return positions;
    }

    static List<String> numbered(String prefix, int number) {
        List<String> data = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            data.add(prefix + " " + i);
        }
        return data;
    }

    /** Before the first entry that is retained. */
    final Position oldest(EventLog node) throws Exception {
        return get(node.range()).after();
    }

    final Position newest(EventLog node) throws Exception {
        return get(node.range()).newest();
    }

    final Page page(EventLog node, Position after, int maxBytes, String... topics) throws Exception {
        Page page = get(node.read(after, List.of(topics), maxBytes));
        long last = page.through().epoch().equals(after.epoch()) ? after.ordinal() : -1;
        for (Entry entry : page.entries()) {
            assertEquals(page.through().epoch(), entry.position().epoch(), "rule 6: a page is of one epoch");
            assertTrue(entry.position().ordinal() > last, "rule 9: after where it begins, and in order");
            last = entry.position().ordinal();
        }
        assertTrue(last <= page.through().ordinal(), "rule 9: a page has nothing after the position it goes to");
        return page;
    }

    /** Reads page after page to the end, as a server does that starts. */
    final List<Entry> readAll(EventLog node, Position after, int maxBytes, String... topics) throws Exception {
        List<Entry> entries = new ArrayList<>();
        Position at = after;
        while (true) {
            Page page = page(node, at, maxBytes, topics);
            assertFalse(page.trimmed(), "rule 9: nothing was trimmed");
            entries.addAll(page.entries());
            if (page.through().equals(at)) {
                assertEquals(List.of(), page.entries(), "rule 9: a page with entries goes on");
                return entries;
            }
            at = page.through();
        }
    }

    final List<Entry> readAll(EventLog node) throws Exception {
        return readAll(node, oldest(node), PLENTY);
    }

    static List<String> dataOf(List<Entry> entries) {
        return entries.stream().map(entry -> entry.emission().event().data()).toList();
    }

    static List<Position> positionsOf(List<Entry> entries) {
        return entries.stream().map(Entry::position).toList();
    }

    static void assertIncreasing(List<Position> positions, String why) {
        for (int i = 1; i < positions.size(); i++) {
            Position before = positions.get(i - 1);
            Position next = positions.get(i);
            assertEquals(before.epoch(), next.epoch(), why);
            assertTrue(before.ordinal() < next.ordinal(), () -> why + ": " + before + ", then " + next);
        }
    }
}
