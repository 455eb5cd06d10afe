package eventsource.server.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import eventsource.server.Representation;
import eventsource.server.spi.SharedRun;
import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What an event loop copies a run to")
class ScratchTest {

    /** A run of one text, or of one that cannot be copied. */
    private record Text(String text, long stamp, boolean broken) implements SharedRun {

        @Override
        public int length(Representation as) {
            return text.length();
        }

        @Override
        public void copyTo(Representation as, ByteBuffer into) {
            if (broken) {
                throw new IllegalStateException("this one cannot be copied");
            }
            into.put(text.getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public ByteBuffer bytes(Representation as) {
            return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    @DisplayName("has nothing but the run, and overwrites nobody else's bytes, by every allocator of Netty")
    void everyAllocator() {
        for (ByteBufAllocator allocator : List.of(
                new PooledByteBufAllocator(true),
                new AdaptiveByteBufAllocator(true),
                new UnpooledByteBufAllocator(true))) {
            ByteBuf before = allocator.directBuffer(64).writeZero(64);
            Scratch scratch = new Scratch(allocator);
            ByteBuf after = allocator.directBuffer(64).writeZero(64);
            ByteBuf bytes = scratch.of(new Text("the run", 1, false), Representation.PLAIN);
            assertEquals("the run", bytes.toString(StandardCharsets.US_ASCII), allocator::toString);
            ByteBuffer view = scratch.view().duplicate().position(0).limit("the run".length());
            assertEquals("the run", StandardCharsets.US_ASCII.decode(view).toString());
            assertEquals(-1, before.bytesBefore((byte) 't'), "overwritten");
            assertEquals(-1, after.bytesBefore((byte) 't'), "overwritten");
            scratch.close();
            before.release();
            after.release();
        }
    }

    @Test
    @DisplayName("does not take a run that could not be copied for one that was")
    void failedCopies() {
        Scratch scratch = new Scratch(UnpooledByteBufAllocator.DEFAULT);
        Text good = new Text("good", 1, false);
        scratch.of(good, Representation.PLAIN);
        assertThrows(IllegalStateException.class, () -> scratch.of(new Text("worse", 2, true), Representation.PLAIN));
        assertEquals("good", scratch.of(good, Representation.PLAIN).toString(StandardCharsets.US_ASCII));
        scratch.close();
    }
}
