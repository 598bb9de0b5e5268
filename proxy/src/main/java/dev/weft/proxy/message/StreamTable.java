package dev.weft.proxy.message;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The streams of one HTTP/2 connection, by their number, without a box for each. */
public final class StreamTable<T> {

    private static final int FIRST_SLOTS = 16;

    private int[] numbers = new int[FIRST_SLOTS];
    private @Nullable Object[] streams = new Object[FIRST_SLOTS];
    private int count;

    public int count() {
        return count;
    }

    @SuppressWarnings("unchecked") // only put writes, and it takes T
    @Nullable
    public T get(int number) {
        int mask = streams.length - 1;
        for (int at = slot(number, mask); streams[at] != null; at = (at + 1) & mask) {
            if (numbers[at] == number) {
                return (T) streams[at];
            }
        }
        return null;
    }

    public void put(int number, T stream) {
        if ((count + 1) * 2 > streams.length) {
            grow();
        }
        enter(number, stream);
        count++;
    }

    public void remove(int number) {
        int mask = streams.length - 1;
        int hole = slot(number, mask);
        while (streams[hole] != null && numbers[hole] != number) {
            hole = (hole + 1) & mask;
        }
        if (streams[hole] == null) {
            return;
        }
        for (int at = (hole + 1) & mask; streams[at] != null; at = (at + 1) & mask) {
            int home = slot(numbers[at], mask);
            if (((at - home) & mask) >= ((at - hole) & mask)) {
                numbers[hole] = numbers[at];
                streams[hole] = streams[at];
                hole = at;
            }
        }
        streams[hole] = null;
        count--;
    }

    /** All of them, as of now. */
    @SuppressWarnings("unchecked") // as above
    public List<T> all() {
        List<T> all = new ArrayList<>(count);
        for (Object stream : streams) {
            if (stream != null) {
                all.add((T) stream);
            }
        }
        return all;
    }

    private void enter(int number, Object stream) {
        int mask = streams.length - 1;
        int at = slot(number, mask);
        while (streams[at] != null) {
            at = (at + 1) & mask;
        }
        numbers[at] = number;
        streams[at] = stream;
    }

    private void grow() {
        int[] oldNumbers = numbers;
        @Nullable Object[] old = streams;
        numbers = new int[old.length * 2];
        streams = new Object[old.length * 2];
        for (int i = 0; i < old.length; i++) {
            Object stream = old[i];
            if (stream != null) {
                enter(oldNumbers[i], stream);
            }
        }
    }

    /** A side's numbers are all odd, or all even. */
    private static int slot(int number, int mask) {
        return number >>> 1 & mask;
    }
}
