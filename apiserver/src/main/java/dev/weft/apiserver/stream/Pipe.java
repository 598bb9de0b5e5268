package dev.weft.apiserver.stream;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Bytes on their way from a connection's reader to one channel's; at most {@value #BYTES_MAX} wait. */
final class Pipe extends InputStream {

    private static final int BYTES_MAX = 256 << 10;
    private static final long PATIENCE_SECONDS = 60;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private int taken;
    private int bytes;
    private boolean ended;
    private boolean closed;

    /**
     * Adds bytes; waits while there is no room. What comes after {@link #close()} is dropped.
     *
     * @throws IOException when nobody has read for a minute
     */
    void put(byte[] more) throws IOException {
        lock.lock();
        try {
            long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (bytes > BYTES_MAX && !closed) {
                if (left <= 0) {
                    throw new IOException("nobody has read a channel for " + PATIENCE_SECONDS + " s");
                }
                left = changed.awaitNanos(left);
            }
            if (!closed && !ended && more.length > 0) {
                waiting.add(more);
                bytes += more.length;
                changed.signalAll();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more comes. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0; // readNBytes(0) asks, and must not wait
        }
        lock.lock();
        try {
            while (waiting.isEmpty()) {
                if (ended || closed) {
                    return -1;
                }
                changed.await();
            }
            byte[] first = waiting.element();
            int count = Math.min(length, first.length - taken);
            System.arraycopy(first, taken, into, offset, count);
            taken += count;
            bytes -= count;
            if (taken == first.length) {
                waiting.remove();
                taken = 0;
            }
            changed.signalAll();
            return count;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    /** Nobody reads any more. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            waiting.clear();
            bytes = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
