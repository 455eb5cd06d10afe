package eventsource.server.benchmarks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bytes that a run of another shape has collected, given out as the core's runs give them. */
final class Taken {

    static final int MAX_BYTES = 64 * 1024;

    private static final byte[] END = "id: ~abcdefgh-lfls\n\n".getBytes(StandardCharsets.US_ASCII);

    private final List<byte[]> chunks = new ArrayList<>();
    private int length;
    private @Nullable ByteBuffer bytes;

    /** The bytes of a frame, as long as those of the core's frames. */
    static byte[] chunk(byte[] fields) {
        byte[] head = (Integer.toHexString(fields.length + END.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] chunk = new byte[head.length + fields.length + END.length + 2];
        System.arraycopy(head, 0, chunk, 0, head.length);
        System.arraycopy(fields, 0, chunk, head.length, fields.length);
        System.arraycopy(END, 0, chunk, head.length + fields.length, END.length);
        return chunk;
    }

    void clear() {
        chunks.clear();
        length = 0;
        bytes = null;
    }

    /** Takes a frame. False if there is no room for it. */
    boolean add(byte[] chunk) {
        int more = length(chunk);
        if (length > 0 && length + more > MAX_BYTES) {
            return false;
        }
        chunks.add(chunk);
        length += more;
        return true;
    }

    /** Where the event begins, after the head of the chunk. */
    private static int start(byte[] chunk) {
        int i = 0;
        while (chunk[i] != '\n') {
            i++;
        }
        return i + 1;
    }

    private static int length(byte[] chunk) {
        return chunk.length - start(chunk) - 2;
    }

    boolean isEmpty() {
        return chunks.isEmpty();
    }

    ByteBuffer bytes() {
        if (bytes == null) {
            bytes = chunks.size() == 1
                    ? ByteBuffer.wrap(chunks.get(0), start(chunks.get(0)), length)
                            .slice()
                            .asReadOnlyBuffer()
                    : joined();
        }
        return bytes.duplicate();
    }

    private ByteBuffer joined() {
        ByteBuffer all = ByteBuffer.allocate(length);
        chunks.forEach(chunk -> all.put(chunk, start(chunk), length(chunk)));
        return all.flip().asReadOnlyBuffer();
    }
}
