package eventsource.server.verification;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several things at the same time, each on a thread of its own, all of which begin together. */
final class Together {

    private final List<Runnable> works = new ArrayList<>();

    Together with(Runnable work) {
        works.add(work);
        return this;
    }

    /** Returns when all is done. What one of them throws is thrown. */
    void run() throws Exception {
        CyclicBarrier start = new CyclicBarrier(works.size());
        ExecutorService threads = Executors.newFixedThreadPool(works.size());
        try {
            List<Future<?>> all = new ArrayList<>();
            for (Runnable work : works) {
                all.add(threads.submit(() -> {
                    start.await();
                    work.run();
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
