package eventsource.server.spi;

import java.util.Objects;

/**
 * Where an entry stands in its log. Ordinals of one epoch strictly increase and are never used again; there may be holes,
 * from which nothing follows. Positions of different epochs are unrelated.
 *
 * @param epoch changes whenever an old ordinal could mean another event: 1 to 32 letters and digits of ASCII
 * @param ordinal 0 or more; 0 stands before the first entry
 */
public record Position(String epoch, long ordinal) {

    /**
     * Checks the position.
     *
     * @param epoch the epoch
     * @param ordinal the ordinal
     * @throws IllegalArgumentException if the epoch has other characters or another length, or the ordinal is negative
     */
    public Position {
        Objects.requireNonNull(epoch, "epoch");
        if (epoch.isEmpty() || epoch.length() > 32 || !epoch.chars().allMatch(Position::isPlain)) {
            throw new IllegalArgumentException("the epoch has " + epoch.length()
                    + " characters; choose 1 to 32 letters and digits of ASCII, as it becomes part of event ids");
        }
        if (ordinal < 0) {
            throw new IllegalArgumentException("the ordinal is " + ordinal + "; ordinals begin with 0");
        }
    }

    private static boolean isPlain(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /**
     * Another position of the same epoch.
     *
     * @param other where the other position stands
     * @return the position
     */
    public Position at(long other) {
        return new Position(epoch, other);
    }
}
