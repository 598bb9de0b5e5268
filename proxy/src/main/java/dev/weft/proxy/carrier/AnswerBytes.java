package dev.weft.proxy.carrier;

import dev.weft.http.h1.ResponseHead;
import dev.weft.http.transport.Received;

/**
 * An answer's bytes until its head is whole. They are copied in steps, as most heads are short and what follows one need not
 * be copied: a read may bring 64 KiB. Used again for every answer.
 */
public final class AnswerBytes {

    private static final int STEP = 1024;
    private static final int KEPT_MAX = 8 * 1024;
    private static final Received NOTHING = Received.of(new byte[0], 0, 0);

    private final ResponseHead head;
    private byte[] bytes = new byte[STEP];
    private int filled;
    private Received read = NOTHING;
    private int copied; // how much of the read

    /** For the heads that this one reads. */
    public AnswerBytes(ResponseHead head) {
        this.head = head;
    }

    /** None has come. */
    public void begin() {
        filled = 0;
        head.reset(0);
    }

    /** Lets go of the memory that a large head took. */
    public void forget() {
        if (bytes.length > KEPT_MAX) {
            bytes = new byte[STEP];
        }
    }

    /** A head that is whole. */
    public void put(byte[] array, int start, int end) {
        begin();
        System.arraycopy(array, start, room(end - start), 0, end - start);
        filled = end - start;
    }

    /** What the next steps copy from, until {@link #over}. */
    public void from(Received received) {
        read = received;
        copied = 0;
    }

    /** Copies a little more; false when there is no more in this read. */
    public boolean step() {
        int step = Math.min(read.length() - copied, Math.max(bytes.length - filled, STEP));
        if (step == 0) {
            return false;
        }
        read.copy(copied, copied + step, room(step), filled);
        filled += step;
        copied += step;
        return true;
    }

    /** The read is not valid any more. */
    public void over() {
        read = NOTHING;
    }

    private byte[] room(int more) {
        if (filled + more > bytes.length) {
            byte[] larger = new byte[Math.max(bytes.length * 2, filled + more)];
            System.arraycopy(bytes, 0, larger, 0, filled);
            bytes = larger;
        }
        return bytes;
    }

    /** As {@link ResponseHead#parse}. */
    public int parse() {
        return head.parse(bytes, filled);
    }

    /** Drops a head that ended there; another one follows. */
    public void drop(int end) {
        System.arraycopy(bytes, end, bytes, 0, filled - end);
        filled -= end;
        head.reset(0);
    }

    /** How many there are. */
    public int filled() {
        return filled;
    }

    /** Where in the read what follows the head begins that ended there. */
    public int after(int end) {
        return copied - (filled - end);
    }

    /** The read that brought the head's end. */
    public Received read() {
        return read;
    }

    /** All of the read that follows the head that ended there. */
    public byte[] rest(int end) {
        byte[] rest = new byte[read.length() - after(end)];
        read.copy(after(end), read.length(), rest, 0);
        return rest;
    }
}
