package dev.weft.runtime.pod;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What wakes a pod's thread: its program has ended, it shall stop, or something that it waits for may be there now. */
final class Signals {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean stopping;
    private boolean exited;
    private boolean poked;

    void stop() {
        lock.lock();
        try {
            stopping = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void exited() {
        lock.lock();
        try {
            exited = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void poke() {
        lock.lock();
        try {
            poked = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Before a new run. */
    void reset() {
        lock.lock();
        try {
            exited = false;
        } finally {
            lock.unlock();
        }
    }

    boolean stopping() {
        lock.lock();
        try {
            return stopping;
        } finally {
            lock.unlock();
        }
    }

    /** True to go on with the run: neither stopping nor exited by the time given, which is as of nanoTime. */
    boolean runningUntil(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos - System.nanoTime();
            while (!stopping && !exited && left > 0) {
                left = changed.awaitNanos(left);
            }
            return !stopping && !exited;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a stop, or a poke since the last call, or the time. */
    void awaitPoke(long time, TimeUnit unit) throws InterruptedException {
        lock.lock();
        try {
            long left = unit.toNanos(time);
            while (!stopping && !poked && left > 0) {
                left = changed.awaitNanos(left);
            }
            poked = false;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a stop or the time, whatever else happens. */
    void awaitStop(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (!stopping && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
