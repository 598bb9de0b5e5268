package dev.weft.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Callers that each send one thing after the other at a steady rate, and wait for its answer; notes what was not answered as
 * it should be, after which that caller sends no more. Nobody repeats anything.
 *
 * <p>Owner of a caller: its thread. The counts are for all.
 */
final class Load implements Closeable {

    private final List<Running> running;
    private final ConcurrentLinkedQueue<String> lost = new ConcurrentLinkedQueue<>();
    private final AtomicInteger renewals = new AtomicInteger();
    private volatile boolean over;

    /** A connection, a channel or a stream. */
    interface Caller extends Closeable {

        /** Sends the thing of this number, from 0; throws unless the answer is the one expected. */
        void call(int number) throws Exception;
    }

    /** Connects. */
    interface Opening {
        Caller open() throws Exception;
    }

    /**
     * One caller.
     *
     * @param renewable whether it ends in order and opens anew when it is told that trust changes
     */
    record Part(String name, int perSecond, boolean renewable, Opening opening) {}

    private static final class Running {
        private final Part part;
        private final AtomicInteger sent = new AtomicInteger();
        private final AtomicInteger answered = new AtomicInteger();
        private volatile int renewed;
        private volatile boolean ended;

        Running(Part part) {
            this.part = part;
        }
    }

    private Load(List<Part> parts) {
        running = parts.stream().map(Running::new).toList();
    }

    /** Begins, and returns when each has had its first answer. */
    static Load begin(Stage stage, List<Part> parts) {
        Load load = stage.closing(new Load(parts));
        load.running.forEach(each -> Thread.ofVirtual().start(() -> load.run(each)));
        load.awaitAll(each -> each.answered.get() > 0);
        return load;
    }

    private interface Condition {
        boolean holds(Running each);
    }

    /** Of each that has not failed. */
    private void awaitAll(Condition condition) {
        Stage.await(() -> running.stream().allMatch(each -> each.ended || condition.holds(each)));
    }

    private void run(Running each) {
        Part part = each.part;
        long pause = 1_000_000_000L / part.perSecond();
        try {
            while (!over) {
                each.renewed = renewals.get();
                try (Caller caller = part.opening().open()) {
                    send(each, caller, pause);
                }
            }
        } catch (Exception e) {
            lost.add(part.name() + " number " + each.sent + ": " + e);
        } finally {
            each.ended = true;
        }
    }

    private void send(Running each, Caller caller, long pauseNanos) throws Exception {
        long next = System.nanoTime();
        for (int number = 0; goesOn(each); number++) {
            each.sent.incrementAndGet();
            caller.call(number);
            each.answered.incrementAndGet();
            next += pauseNanos;
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    private boolean goesOn(Running each) {
        return !over && (!each.part.renewable() || each.renewed == renewals.get());
    }

    /** Has the renewable ones open anew, and returns when they have. */
    void renew() {
        int[] before = running.stream().mapToInt(each -> each.answered.get()).toArray();
        int wanted = renewals.incrementAndGet();
        awaitAll(each -> !each.part.renewable()
                || (each.renewed == wanted && each.answered.get() > before[running.indexOf(each)] + 1));
    }

    @Override
    public void close() {
        over = true;
    }

    /** All that was sent was answered, and each caller ended in order. */
    void endsWithoutLoss() {
        over = true;
        Stage.await(() -> running.stream().allMatch(each -> each.ended));
        assertThat(lost).isEmpty();
        for (Running each : running) {
            assertThat(each.answered.get()).as(each.part.name()).isPositive().isEqualTo(each.sent.get());
        }
    }

    /** How many were answered, of the parts whose names begin so. */
    int answered(String begin) {
        return running.stream()
                .filter(each -> each.part.name().startsWith(begin))
                .mapToInt(each -> each.answered.get())
                .sum();
    }

    @Override
    public String toString() {
        return answered("") + " answered, " + lost.size() + " lost";
    }
}
