package dev.weft.http.h2;

import java.util.Arrays;

/** One stream's state and the bytes that wait for its window. Used again for another stream. */
final class Stream {

    private static final byte[] NONE = {};

    int id;
    long openedAt;

    /** The peer has sent its last byte, this side has. */
    boolean remoteEnded;

    boolean localEnded;

    /** A final head went out, came in. */
    boolean headSent;

    boolean headReceived;

    /** What was asked for; {@link #upgrade} is empty when it was no upgrade. */
    boolean headRequest;

    boolean connect;
    byte[] upgrade = NONE;

    /** What the peer still takes and what it may still send, in bytes. */
    long sendWindow;

    long receiveWindow;

    /** Handed over and not given back; given back and not announced. */
    int unconsumed;

    int credit;

    /** What is given back does not open its window. */
    boolean unwanted;

    long contentLength;
    long received;

    /** The receiver of the events was told to wait. */
    boolean stopped;

    private byte[] queue = NONE;
    private int queueFrom;
    private int queueTo;

    /** What follows the queue: the end, or trailers. */
    boolean endQueued;

    boolean endSent;
    byte[] trailers = NONE;
    boolean trailersQueued;

    void begin(int number, long now, long sendWindowBytes, long receiveWindowBytes) {
        id = number;
        openedAt = now;
        remoteEnded = false;
        localEnded = false;
        headSent = false;
        headReceived = false;
        headRequest = false;
        connect = false;
        upgrade = NONE;
        sendWindow = sendWindowBytes;
        receiveWindow = receiveWindowBytes;
        unconsumed = 0;
        credit = 0;
        unwanted = false;
        contentLength = -1;
        received = 0;
        stopped = false;
        endQueued = false;
        endSent = false;
        trailers = NONE;
        trailersQueued = false;
        queueFrom = 0;
        queueTo = 0;
    }

    /** It is over: holds no memory until it is used again. */
    void release() {
        queue = NONE;
        trailers = NONE;
        upgrade = NONE;
    }

    boolean closed() {
        return remoteEnded && localEnded;
    }

    boolean isUpgrade() {
        return upgrade.length > 0;
    }

    /** Whether anything waits, be it only the end. */
    boolean waits() {
        return queueTo > queueFrom || endQueued || trailersQueued;
    }

    int queued() {
        return queueTo - queueFrom;
    }

    byte[] queue() {
        return queue;
    }

    int queueFrom() {
        return queueFrom;
    }

    void append(byte[] bytes, int from, int to) {
        int length = to - from;
        if (queueTo + length > queue.length) {
            int held = queued();
            byte[] target = held + length > queue.length ? new byte[Math.max(1024, (held + length) * 2)] : queue;
            System.arraycopy(queue, queueFrom, target, 0, held);
            queue = target;
            queueFrom = 0;
            queueTo = held;
        }
        System.arraycopy(bytes, from, queue, queueTo, length);
        queueTo += length;
    }

    void taken(int bytes) {
        queueFrom += bytes;
        if (queueFrom == queueTo) {
            queueFrom = 0;
            queueTo = 0;
        }
    }

    void queueTrailers(byte[] lines, int from, int to) {
        trailers = Arrays.copyOfRange(lines, from, to);
        trailersQueued = true;
    }
}
