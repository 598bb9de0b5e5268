package dev.weft.proxy.message;

import dev.weft.http.transport.Received;
import java.util.Arrays;

/** The bytes of a head, and of what came with its end, as they come in. Used again for every head. */
public final class HeadBytes {

    private static final int FIRST_BYTES = 2 * 1024;
    private static final int KEPT_BYTES_MAX = 16 * 1024;

    private byte[] array = new byte[FIRST_BYTES];
    private int length;

    public void begin() {
        length = 0;
    }

    public void append(Received received) {
        int more = received.length();
        received.copy(0, more, room(more), length);
        length += more;
    }

    public void append(byte[] bytes, int from, int to) {
        System.arraycopy(bytes, from, room(to - from), length, to - from);
        length += to - from;
    }

    private byte[] room(int more) {
        if (length + more > array.length) {
            array = Arrays.copyOf(array, Math.max(array.length * 2, length + more));
        }
        return array;
    }

    public byte[] array() {
        return array;
    }

    public int length() {
        return length;
    }

    public byte[] copy() {
        return Arrays.copyOf(array, length);
    }

    /** Lets go of the memory that a large head took. */
    public void forget() {
        if (array.length > KEPT_BYTES_MAX) {
            array = new byte[FIRST_BYTES];
        }
    }
}
