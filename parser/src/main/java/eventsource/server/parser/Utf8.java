package eventsource.server.parser;

import java.nio.charset.StandardCharsets;
import java.util.function.IntConsumer;

/**
 * "UTF-8 decode" of the Encoding standard. The decoder of the JDK is not used because it replaces an encoded surrogate
 * by one U+FFFD where a browser puts three.
 */
final class Utf8 {
    private Utf8() {}

    static String decode(byte[] bytes, int from, int to, IntConsumer malformedAt) {
        StringBuilder out = new StringBuilder(to - from);
        int i = from;
        while (i < to) {
            int length = sequence(bytes, i, to);
            if (length > 0) {
                out.append(new String(bytes, i, length, StandardCharsets.UTF_8));
                i += length;
            } else {
                malformedAt.accept(i);
                out.append('\uFFFD');
                i -= length;
            }
        }
        return out.toString();
    }

    /** Reports malformed sequences, except one that is only cut short by the end of the bytes. */
    static void checkInterrupted(byte[] bytes, int from, int to, IntConsumer malformedAt) {
        int i = from;
        while (i < to) {
            int length = sequence(bytes, i, to);
            boolean cut = length < 0 && i - length == to && continuations(bytes[i] & 0xFF) > 0;
            if (length < 0 && !cut) {
                malformedAt.accept(i);
            }
            i += Math.abs(length);
        }
    }

    static boolean isAscii(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }

    /** The length of the run of ASCII or of the one character at i; or, negated, of the malformed part to replace. */
    private static int sequence(byte[] bytes, int i, int to) {
        int lead = bytes[i] & 0xFF;
        if (lead < 0x80) {
            int end = i + 1;
            while (end < to && bytes[end] >= 0) {
                end++;
            }
            return end - i;
        }
        int continuations = continuations(lead);
        if (continuations == 0) {
            return -1;
        }
        // The bounds of the second byte alone exclude overlong forms, surrogates and what is beyond U+10FFFF.
        int low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        int high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        for (int k = 1; k <= continuations; k++) {
            int next = i + k < to ? bytes[i + k] & 0xFF : -1;
            if (next < low || next > high) {
                return -k;
            }
            low = 0x80;
            high = 0xBF;
        }
        return continuations + 1;
    }

    private static int continuations(int lead) {
        if (lead >= 0xC2 && lead <= 0xDF) {
            return 1;
        }
        if (lead >= 0xE0 && lead <= 0xEF) {
            return 2;
        }
        return lead >= 0xF0 && lead <= 0xF4 ? 3 : 0;
    }
}
