package eventsource.server.parser;

import org.jspecify.annotations.Nullable;

/**
 * Finds the bytes of a body among those of the connection. It works on what is buffered and keeps its state between
 * calls, so that a wait can time out anywhere, also inside the framing.
 */
final class BodyFraming {
    private static final int LARGEST_SIZE_DIGITS = 15;

    private enum State {
        DATA,
        CLOSE_DELIMITED,
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA_CR,
        DATA_LF,
        TRAILER_START,
        TRAILER,
        TRAILER_LF,
        LAST_LF,
        COMPLETE
    }

    private final boolean chunked;
    private State state;
    private long remaining;
    private int sizeDigits;
    private @Nullable MalformedResponseException failure;

    private BodyFraming(boolean chunked, State state, long remaining) {
        this.chunked = chunked;
        this.state = state;
        this.remaining = remaining;
    }

    static BodyFraming ofLength(long length) {
        return new BodyFraming(false, length == 0 ? State.COMPLETE : State.DATA, length);
    }

    static BodyFraming chunked() {
        return new BodyFraming(true, State.SIZE, 0);
    }

    static BodyFraming untilClose() {
        return new BodyFraming(false, State.CLOSE_DELIMITED, 0);
    }

    boolean complete() {
        return state == State.COMPLETE;
    }

    boolean closeDelimited() {
        return state == State.CLOSE_DELIMITED;
    }

    /** Takes framing off the input and returns how many body bytes follow in the buffer: 0 if more is needed. */
    int available(WireInput in) {
        if (failure != null) {
            throw failure;
        }
        while (in.buffered() > 0 && !complete()) {
            if (state == State.CLOSE_DELIMITED) {
                return in.buffered();
            }
            if (state == State.DATA) {
                return (int) Math.min(in.buffered(), remaining);
            }
            step(in.take());
        }
        return 0;
    }

    /** Body bytes were taken off the input. */
    void consumed(int count) {
        if (state == State.DATA) {
            remaining -= count;
            if (remaining == 0) {
                state = chunked ? State.DATA_CR : State.COMPLETE;
            }
        }
    }

    private void step(int c) {
        switch (state) {
            case SIZE -> size(c);
            case EXTENSION -> state = c == '\r' ? State.SIZE_LF : notLineFeed(c, "in a chunk extension");
            case SIZE_LF -> {
                expect('\n', c, "LF after the chunk size");
                sizeDigits = 0;
                state = remaining > 0 ? State.DATA : State.TRAILER_START;
            }
            case DATA_CR -> {
                expect('\r', c, "CR after the chunk data");
                state = State.DATA_LF;
            }
            case DATA_LF -> {
                expect('\n', c, "LF after the chunk data");
                state = State.SIZE;
            }
            case TRAILER_START -> state = c == '\r' ? State.LAST_LF : notLineFeed(c, "after the last chunk");
            case TRAILER -> state = c == '\r' ? State.TRAILER_LF : notLineFeed(c, "in a trailer");
            case TRAILER_LF -> {
                expect('\n', c, "LF after a trailer");
                state = State.TRAILER_START;
            }
            case LAST_LF -> {
                expect('\n', c, "LF at the end of the chunked body");
                state = State.COMPLETE;
            }
            default -> throw new IllegalStateException("no framing byte belongs here: " + state);
        }
    }

    private void size(int c) {
        int digit = Character.digit(c, 16);
        if (digit >= 0 && sizeDigits < LARGEST_SIZE_DIGITS) {
            remaining = remaining * 16 + digit;
            sizeDigits++;
        } else if (digit >= 0 || sizeDigits == 0) {
            throw fail(digit >= 0 ? "the chunk size is too long" : "expected a chunk size but got " + show(c));
        } else if (c == ';') {
            state = State.EXTENSION;
        } else {
            expect('\r', c, "CR after the chunk size");
            state = State.SIZE_LF;
        }
    }

    private State notLineFeed(int c, String where) {
        if (c == '\n') {
            throw fail("a bare LF " + where);
        }
        return state == State.EXTENSION ? State.EXTENSION : State.TRAILER;
    }

    private void expect(char wanted, int c, String what) {
        if (c != wanted) {
            throw fail("expected " + what + " but got " + show(c));
        }
    }

    private MalformedResponseException fail(String what) {
        failure = new MalformedResponseException("malformed chunk framing: " + what);
        return failure;
    }

    private static String show(int c) {
        return c > 0x20 && c < 0x7F ? "'" + (char) c + "'" : String.format("byte 0x%02X", c);
    }
}
