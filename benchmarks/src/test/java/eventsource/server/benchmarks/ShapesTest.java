package eventsource.server.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Shapes that are compared have to do the same. */
class ShapesTest {

    private static final int FEEDS = 30;

    private final Random random = new Random(20261122);
    private final List<Shape> shapes =
            Shapes.SHAPES.stream().map(name -> Shapes.make(name, FEEDS)).toList();

    @Test
    void allShapesGiveTheSame() {
        List<List<Shape.Cursor>> cursors = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int[] feeds = feeds(i % 4 == 0 ? 20 : 1 + i % 3);
            cursors.add(shapes.stream().map(shape -> shape.open(0, feeds)).toList());
        }
        long bytes = 0;
        long lapped = 0;
        for (int step = 0; step < 50_000; step++) {
            change(step / 5_000 % 2 == 0 ? 6 : 3);
            int drained = drain(cursors.get(random.nextInt(cursors.size())));
            bytes += Math.max(0, drained);
            lapped += drained < 0 ? 1 : 0;
        }
        assertTrue(bytes > 1_000_000, "bytes: " + bytes);
        assertTrue(lapped > 100, "lapped: " + lapped);
    }

    private void change(int ofTen) {
        if (random.nextInt(10) < ofTen) {
            byte[] fields = ("data: " + "x".repeat(random.nextInt(300)) + "\n").getBytes(StandardCharsets.US_ASCII);
            int[] to = feeds(1 + random.nextInt(3));
            shapes.forEach(shape -> shape.append(fields, to));
        } else {
            same(shapes.stream().map(Shape::trim).toList());
        }
    }

    /** Gives how many bytes there were, or that it was too late; then the cursors come back. */
    private int drain(List<Shape.Cursor> alike) {
        List<Integer> drained = alike.stream().map(Shape.Cursor::drain).toList();
        same(drained);
        if (drained.get(0) < 0 || random.nextInt(20) == 0) {
            long to = Math.max(0, shapes.get(0).head() - random.nextInt(50));
            alike.forEach(cursor -> cursor.move(to));
        }
        return drained.get(0);
    }

    private int[] feeds(int count) {
        return random.ints(0, FEEDS).distinct().limit(count).toArray();
    }

    private static void same(List<?> results) {
        results.forEach(result -> assertEquals(results.get(0), result));
    }
}
