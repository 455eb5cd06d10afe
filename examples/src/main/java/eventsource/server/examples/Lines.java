package eventsource.server.examples;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Makes lines of bytes in UTF-8 that come in any pieces. What never ends a line is cut, between two characters, so that it
 * does not grow for ever and clients can take it. For one thread at a time.
 */
final class Lines {

    /** The longest line, in bytes. A number of clients take none of more than 64 KiB. */
    static final int LONGEST = 1 << 15;

    private final byte[] line = new byte[LONGEST];
    private final Consumer<String> sink;
    private int size;

    Lines(Consumer<String> sink) {
        this.sink = sink;
    }

    void feed(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                give(size > 0 && line[size - 1] == '\r' ? size - 1 : size, size);
                continue;
            }
            if (size == LONGEST) {
                int cut = isInside(bytes[i]) ? startOfLast() : size;
                give(cut, cut);
            }
            line[size++] = bytes[i];
        }
    }

    /** There is no more: what was not ended by a line feed is a line, too. */
    void end() {
        if (size > 0) {
            give(size, size);
        }
    }

    private void give(int length, int taken) {
        sink.accept(new String(line, 0, length, StandardCharsets.UTF_8));
        System.arraycopy(line, taken, line, 0, size - taken);
        size -= taken;
    }

    /** Where the last character begins, if it can be one. */
    private int startOfLast() {
        for (int i = size - 1; i >= size - 3; i--) {
            if (!isInside(line[i])) {
                return i;
            }
        }
        return size;
    }

    /** Whether a byte is one of a character in UTF-8, but not its first. */
    private static boolean isInside(byte b) {
        return (b & 0xC0) == 0x80;
    }
}
