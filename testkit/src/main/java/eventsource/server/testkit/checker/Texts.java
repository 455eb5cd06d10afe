package eventsource.server.testkit.checker;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Numbers texts, so that a history in which thousands of clients receive the same events has each text once. Any thread may
 * call any method.
 */
final class Texts {

    /** Stands for no text. */
    static final int NONE = -1;

    private final ConcurrentHashMap<String, Integer> numbers = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();

    int number(String text) {
        Integer known = numbers.get(text); // nearly always, and without a lock
        return known == null ? numbers.computeIfAbsent(text, added -> next.getAndIncrement()) : known;
    }

    int size() {
        return next.get();
    }

    /** All texts by their numbers, once no more are added. */
    String[] all() {
        String[] all = new String[size()];
        numbers.forEach((text, number) -> all[number] = text);
        return all;
    }
}
