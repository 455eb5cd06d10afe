package eventsource.server;

import eventsource.server.spi.Position;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * The life of one journal or event log, and the ids that prove an event to be of it: {@code ~epoch-ordinal}. An ordinal
 * alone proves nothing after a restart; with the epoch, a cursor of another life is known for what it is.
 *
 * <p>Numbers of the journal are ordinals, moved so that those of a later epoch of the log come after those of the one
 * before. Ids keep to {@code [A-Za-z0-9._~-]}, which neither URLs nor the header {@code Last-Event-ID} of a request from
 * another origin need to have escaped or announced.
 */
final class Epoch {

    /** What every id of ours starts with, and no caller's id may. */
    static final char MARK = '~';

    private static final int RADIX = 36;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String prefix;
    private final long moved;

    Epoch() {
        // 40 bits: a chance of one in 10^12 that the cursor of another life is taken for one of this.
        this(Long.toString(RANDOM.nextLong() >>> 24, RADIX), 0);
    }

    /**
     * An epoch.
     *
     * @param name letters and digits
     * @param moved what is added to an ordinal to get its number
     */
    Epoch(String name, long moved) {
        prefix = MARK + name + '-';
        this.moved = moved;
    }

    /** The id of a position in any epoch. */
    static String id(Position position) {
        return new Epoch(position.epoch(), 0).id(position.ordinal());
    }

    /** The id of the event with this number. */
    String id(long number) {
        long ordinal = Math.max(0, number - moved); // before the epoch stands its beginning
        int length = prefix.length() + 1;
        for (long rest = ordinal / RADIX; rest > 0; rest /= RADIX) {
            length++;
        }
        byte[] id = new byte[length];
        for (long rest = ordinal; length > prefix.length(); rest /= RADIX) {
            id[--length] = (byte) Character.forDigit((int) (rest % RADIX), RADIX);
        }
        while (--length >= 0) {
            id[length] = (byte) prefix.charAt(length);
        }
        return new String(id, StandardCharsets.ISO_8859_1);
    }

    /** The number of an ordinal. */
    long number(long ordinal) {
        return ordinal + moved;
    }

    /** Whether positions are of this epoch. */
    boolean isOf(Position position) {
        return prefix.length() == position.epoch().length() + 2 && prefix.startsWith(position.epoch(), 1);
    }

    /** The position of a number. */
    Position position(long number) {
        return new Position(prefix.substring(1, prefix.length() - 1), number - moved);
    }

    /** The position in an id of this epoch, or null if it is not one. */
    @Nullable
    Position position(String id) {
        long ordinal = ordinal(id);
        return ordinal < 0 ? null : position(ordinal + moved);
    }

    /** The number in an id of this epoch, or -1 if it is not one. */
    long number(String id) {
        long ordinal = ordinal(id);
        return ordinal < 0 ? -1 : Math.max(-1, ordinal + moved);
    }

    private long ordinal(String id) {
        if (!id.startsWith(prefix) || id.length() == prefix.length() || id.length() > prefix.length() + 13) {
            return -1;
        }
        for (int i = prefix.length(); i < id.length(); i++) {
            char c = id.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'z')) {
                return -1; // parseLong would also take signs, capitals and the digits of other scripts
            }
        }
        try {
            return Long.parseLong(id, prefix.length(), id.length(), RADIX);
        } catch (NumberFormatException tooLarge) {
            return -1;
        }
    }
}
