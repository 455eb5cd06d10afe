package eventsource.server.benchmarks;

import java.util.Collection;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.util.Statistics;

/** The JMH benchmarks: encode, append and drain. Usage: {@code Jmh [PATTERN]}. */
public final class Jmh {

    private Jmh() {}

    public static void main(String[] args) throws RunnerException {
        Options options = new OptionsBuilder()
                .include(args.length > 0 ? args[0] : "eventsource.server")
                .forks(3)
                .warmupIterations(3)
                .warmupTime(TimeValue.milliseconds(500))
                .measurementIterations(3)
                .measurementTime(TimeValue.milliseconds(500))
                .addProfiler("gc")
                .shouldDoGC(true)
                .build();
        try (Raw raw = new Raw("jmh")) {
            run(options, raw::line);
        }
    }

    static void run(Options options, Consumer<Row> rows) throws RunnerException {
        Collection<RunResult> results = new Runner(options).run();
        for (RunResult result : results) {
            rows.accept(row(result));
        }
    }

    private static Row row(RunResult result) {
        BenchmarkParams params = result.getParams();
        String name = params.getBenchmark();
        String given = params.getParamsKeys().stream()
                .map(key -> key + ":" + params.getParam(key))
                .collect(Collectors.joining(","));
        Statistics scores = result.getPrimaryResult().getStatistics();
        return Row.of(
                "jmh",
                "benchmark",
                name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1),
                "parameters",
                given,
                "ns_median",
                scores.getPercentile(50),
                "ns_least",
                scores.getMin(),
                "ns_most",
                scores.getMax(),
                "samples",
                scores.getN(),
                "bytes_allocated",
                allocated(result));
    }

    @SuppressWarnings("rawtypes") // of JMH
    private static double allocated(RunResult result) {
        return result.getSecondaryResults().entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("gc.alloc.rate.norm"))
                .mapToDouble(entry -> entry.getValue().getScore())
                .findFirst()
                .orElse(Double.NaN);
    }
}
