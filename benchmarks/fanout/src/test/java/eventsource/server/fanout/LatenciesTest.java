package eventsource.server.fanout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LatenciesTest {

    @Test
    @DisplayName("quantiles are right within two hundredths")
    void quantiles() {
        Latencies latencies = new Latencies();
        for (int i = 1; i <= 100_000; i++) {
            latencies.add(1000L * i, 1);
        }
        assertEquals(50_000_000, latencies.quantile(0.5), 1_000_000);
        assertEquals(99_000_000, latencies.quantile(0.99), 2_000_000);
        assertEquals(99_900_000, latencies.quantile(0.999), 2_000_000);
    }

    @Test
    @DisplayName("the smallest and the largest values have a place")
    void extremes() {
        Latencies latencies = new Latencies();
        assertEquals(0, latencies.quantile(0.5));
        latencies.add(0, 1);
        assertEquals(0, latencies.quantile(0.5));
        latencies.add(Long.MAX_VALUE, 3);
        assertEquals(Long.MAX_VALUE, latencies.quantile(0.99), Long.MAX_VALUE / 60.0);
    }
}
