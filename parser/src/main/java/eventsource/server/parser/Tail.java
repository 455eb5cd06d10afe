package eventsource.server.parser;

/** The last bytes of what was received, for messages. */
final class Tail {
    private static final int SIZE = 500;

    private final byte[] bytes = new byte[SIZE];
    private int length;
    private long total;

    void add(byte[] source, int offset, int count) {
        total += count;
        int added = Math.min(SIZE, count);
        int kept = Math.min(length, SIZE - added);
        System.arraycopy(bytes, length - kept, bytes, 0, kept);
        System.arraycopy(source, offset + count - added, bytes, kept, added);
        length = kept + added;
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(length + 40);
        out.append(total).append(total > length ? " bytes, the last of which are \"" : " bytes \"");
        for (int i = 0; i < length; i++) {
            escape(out, bytes[i] & 0xFF);
        }
        return out.append('"').toString();
    }

    private static void escape(StringBuilder out, int c) {
        switch (c) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '\\' -> out.append("\\\\");
            case '"' -> out.append("\\\"");
            default -> {
                if (c >= 0x20 && c < 0x7F) {
                    out.append((char) c);
                } else {
                    out.append(String.format("\\x%02X", c));
                }
            }
        }
    }
}
