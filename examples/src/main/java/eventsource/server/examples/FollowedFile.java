package eventsource.server.examples;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file that others append to, that they cut short, and that they replace by another one of its name, as when logs are
 * rotated; it need not be there. For one thread at a time.
 */
final class FollowedFile {

    /** How much of what is there at the beginning is read, in bytes: the whole lines in it. */
    static final int FIRST = 4096;

    private final Path path;
    private final Lines lines;
    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
    private boolean begun;
    private @Nullable SeekableByteChannel file;
    private @Nullable Object
            key; // tells the file from others, also of its name; null where the system has no such thing

    FollowedFile(Path path, Lines lines) {
        this.path = path;
        this.lines = lines;
    }

    /** Reads what has come since the last time. */
    void read() throws IOException {
        boolean another = isAnother(); // asked first, so that the one before is read to its end
        SeekableByteChannel current = file;
        try {
            if (current != null) {
                readRest(current);
            }
        } finally {
            if (another) {
                change();
            }
        }
        begun = true;
    }

    private boolean isAnother() throws IOException {
        try {
            return !Objects.equals(key, key()) || file == null;
        } catch (NoSuchFileException gone) {
            return false; // the one that was there may still grow, until there is another
        }
    }

    /** The key of the file that has the name now. As long as that file is open, no other one can have it. */
    private @Nullable Object key() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    private void change() throws IOException {
        close();
        Object before = key();
        SeekableByteChannel next = Files.newByteChannel(path);
        file = next;
        key = before;
        if (!Objects.equals(before, key())) {
            close(); // it was replaced just now: which one is open?
            return;
        }
        try {
            if (!begun) {
                skip(next);
            }
            readRest(next);
        } catch (IOException unreadable) {
            close();
            throw unreadable;
        }
    }

    private void close() throws IOException {
        lines.end();
        SeekableByteChannel last = file;
        file = null;
        key = null;
        if (last != null) {
            last.close();
        }
    }

    /** Leaves out what is too old, and the line that this begins in. */
    private static void skip(SeekableByteChannel file) throws IOException {
        long from = file.size() - FIRST;
        if (from <= 0) {
            return;
        }
        ByteBuffer end = ByteBuffer.allocate(FIRST);
        file.position(from);
        while (end.hasRemaining() && file.read(end) > 0) {}
        int afterLine = 0;
        while (afterLine < end.position() && end.get(afterLine++) != '\n') {}
        file.position(from + afterLine);
    }

    private void readRest(SeekableByteChannel from) throws IOException {
        if (from.size() < from.position()) { // cut short
            lines.end();
            from.position(0);
        }
        while (from.read(bytes.clear()) > 0) {
            lines.feed(bytes.array(), 0, bytes.position());
        }
    }
}
