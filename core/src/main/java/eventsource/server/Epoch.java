package eventsource.server;

import java.security.SecureRandom;

/**
 * The life of one journal, and the ids that prove an event to be of it: {@code ~epoch-number}. A number alone proves
 * nothing after a restart; with the epoch, a cursor of another life is known for what it is.
 *
 * <p>Ids keep to {@code [A-Za-z0-9._~-]}, which neither URLs nor the header {@code Last-Event-ID} of a request from
 * another origin need to have escaped or announced.
 */
final class Epoch {

    /** What every id of ours starts with, and no caller's id may. */
    static final char MARK = '~';

    private static final int RADIX = 36;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String prefix;

    Epoch() {
        // 40 bits: a chance of one in 10^12 that the cursor of another life is taken for one of this.
        this(Long.toString(RANDOM.nextLong() >>> 24, RADIX));
    }

    Epoch(String name) {
        prefix = MARK + name + '-';
    }

    /** The id of the event with this number. */
    String id(long number) {
        return prefix + Long.toString(number, RADIX);
    }

    /** The number in an id of this epoch, or -1 if it is not one. */
    long number(String id) {
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
