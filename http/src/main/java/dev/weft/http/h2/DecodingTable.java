package dev.weft.http.h2;

import java.util.Arrays;

/**
 * HPACK's dynamic table as the decoder has it (RFC 7541 section 2.3.2). Each entry is a whole line of a head, {@code name:
 * value CRLF}, so that a reference to it is one copy.
 */
final class DecodingTable {

    private static final int ENTRY_OVERHEAD = 32;

    private byte[] lines = {};
    private int[] starts = new int[16];
    private int[] nameLengths = new int[16];
    private int[] valueLengths = new int[16];
    private byte[] kinds = new byte[16];
    private int end;

    /** Entries are numbered as they come: from {@code oldest} to before {@code next}. */
    private int oldest;

    private int next;
    private int size;
    private int sizeMax;

    DecodingTable(int sizeMax) {
        this.sizeMax = sizeMax;
    }

    int count() {
        return next - oldest;
    }

    /** As RFC 7541 section 4.1 counts, in bytes. */
    int size() {
        return size;
    }

    int sizeMax() {
        return sizeMax;
    }

    void sizeMax(int bytes) {
        sizeMax = bytes;
        evict(0);
    }

    int held() {
        return lines.length;
    }

    /** The slot of an entry; 0 is the newest one. */
    int slot(int index) {
        return (next - 1 - index) & (starts.length - 1);
    }

    byte[] lines() {
        return lines;
    }

    int lineStart(int slot) {
        return starts[slot];
    }

    int nameLength(int slot) {
        return nameLengths[slot];
    }

    int valueLength(int slot) {
        return valueLengths[slot];
    }

    byte kind(int slot) {
        return kinds[slot];
    }

    /** Enters the line that begins at this offset, at the cost of the oldest ones. */
    void add(byte[] bytes, int from, int nameLength, int valueLength, byte kind) {
        int cost = nameLength + valueLength + ENTRY_OVERHEAD;
        evict(cost);
        if (cost > sizeMax) {
            return; // the table is empty now (RFC 7541 section 4.4)
        }
        int length = nameLength + valueLength + 4;
        room(length);
        if (count() == starts.length) {
            widen();
        }
        int slot = next++ & (starts.length - 1);
        System.arraycopy(bytes, from, lines, end, length);
        starts[slot] = end;
        nameLengths[slot] = nameLength;
        valueLengths[slot] = valueLength;
        kinds[slot] = kind;
        end += length;
        size += cost;
    }

    private void evict(int coming) {
        while (size + coming > sizeMax && oldest != next) {
            int slot = oldest++ & (starts.length - 1);
            size -= nameLengths[slot] + valueLengths[slot] + ENTRY_OVERHEAD;
        }
    }

    /** Makes sure that a line fits in at the end: moves what lives to the front, or takes a larger array. */
    private void room(int length) {
        if (end + length <= lines.length) {
            return;
        }
        int from = oldest == next ? end : starts[oldest & (starts.length - 1)];
        int live = end - from;
        byte[] target = lines;
        if ((live + length) * 2 > lines.length) {
            target = new byte[Math.max(512, (live + length) * 2)];
        }
        System.arraycopy(lines, from, target, 0, live);
        for (int i = oldest; i != next; i++) {
            starts[i & (starts.length - 1)] -= from;
        }
        lines = target;
        end = live;
    }

    private void widen() {
        int[] oldStarts = starts;
        int[] oldNames = nameLengths;
        int[] oldValues = valueLengths;
        byte[] oldKinds = kinds;
        int capacity = starts.length * 2;
        starts = new int[capacity];
        nameLengths = new int[capacity];
        valueLengths = new int[capacity];
        kinds = Arrays.copyOf(kinds, capacity);
        for (int i = oldest; i != next; i++) {
            int from = i & (oldStarts.length - 1);
            int to = i & (capacity - 1);
            starts[to] = oldStarts[from];
            nameLengths[to] = oldNames[from];
            valueLengths[to] = oldValues[from];
            kinds[to] = oldKinds[from];
        }
    }
}
