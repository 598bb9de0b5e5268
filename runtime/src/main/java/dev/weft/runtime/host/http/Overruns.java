package dev.weft.runtime.host.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Finds requests that go on for longer than they may: nobody waits for their answers any more. A thread cannot be ended from
 * outside, only asked to; where it does not hear that, the process is of no use.
 */
final class Overruns {

    /** Between asking and giving up, and the same again before the first, as the platform answers in the caller's place. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Duration longest;
    private final Runnable stuck;

    Overruns(Duration longest, Runnable stuck) {
        this.longest = longest;
        this.stuck = stuck;
    }

    /** Decided once, by compare-and-set, between the request's end and its watcher. */
    private enum State {
        RUNNING,
        /** The watcher is about to interrupt; the request's thread waits for that before it goes on to another. */
        INTERRUPTING,
        INTERRUPTED,
        DONE
    }

    /** One request, on its own thread until it is closed. */
    final class Watched implements AutoCloseable {

        private final Thread worker = Thread.currentThread();
        private final Request request;
        private final BooleanSupplier begun;
        private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
        private volatile Thread watcher = worker; // until there is one

        private Watched(Request request, BooleanSupplier begun) {
            this.request = request;
            this.begun = begun;
            if (!longest.isZero()) {
                watcher = Thread.ofVirtual().start(this::watch);
            }
        }

        boolean overrun() {
            return state.get() == State.INTERRUPTING || state.get() == State.INTERRUPTED;
        }

        private void watch() {
            if (await(longest.plus(PATIENCE)) || begun.getAsBoolean()) {
                return; // an answer that has begun takes as long as its connection lasts
            }
            if (!state.compareAndSet(State.RUNNING, State.INTERRUPTING)) {
                return; // it has ended meanwhile
            }
            worker.interrupt();
            state.set(State.INTERRUPTED);
            say("is interrupted");
            if (!await(PATIENCE)) {
                say("does not hear that: this process ends, and another takes its place");
                stuck.run();
            }
        }

        private void say(String what) {
            System.err.println("request " + request.method() + " " + request.target() + " takes longer than "
                    + longest.toSeconds() + " s and " + what);
        }

        /** True when it is done. */
        private boolean await(Duration patience) {
            long end = System.nanoTime() + patience.toNanos();
            for (long left = patience.toNanos(); left > 0 && !done(); left = end - System.nanoTime()) {
                LockSupport.parkNanos(this, left);
            }
            return done();
        }

        private boolean done() {
            return state.get() == State.DONE;
        }

        @Override
        public void close() {
            if (!state.compareAndSet(State.RUNNING, State.DONE)) {
                while (state.get() == State.INTERRUPTING) {
                    LockSupport.parkNanos(this, 1_000);
                }
                state.set(State.DONE);
                Thread.interrupted(); // this request's; the next one has not been asked to end
            }
            if (watcher != worker) {
                LockSupport.unpark(watcher);
            }
        }
    }

    /** @param begun whether its answer is under way */
    Watched watch(Request request, BooleanSupplier begun) {
        return new Watched(request, begun);
    }
}
