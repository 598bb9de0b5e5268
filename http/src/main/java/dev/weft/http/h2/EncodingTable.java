package dev.weft.http.h2;

import java.util.Arrays;

/**
 * HPACK's dynamic table as the encoder has it: fields are found by hash. An entry that is gone needs no clearing up, as
 * chains lead from newer to older ones and whoever follows one stops at the first that is too old.
 */
final class EncodingTable {

    /** Not in the table. */
    static final int ABSENT = -1;

    private static final int ENTRY_OVERHEAD = 32;
    private static final int SLOTS = 128; // a table of 4,096 bytes holds no more
    private static final int CHAIN_MAX = 8;
    static final int SIZE_MAX = SLOTS * ENTRY_OVERHEAD;

    private byte[] bytes = {};
    private final int[] starts = new int[SLOTS];
    private final int[] nameLengths = new int[SLOTS];
    private final int[] valueLengths = new int[SLOTS];
    private final int[] hashes = new int[SLOTS];
    private final int[] older = new int[SLOTS];
    private final int[] newest = new int[SLOTS * 2];
    private int end;
    private int oldest = 1;
    private int next = 1;
    private int size;
    private int sizeMax = SIZE_MAX;

    int sizeMax() {
        return sizeMax;
    }

    void sizeMax(int most) {
        sizeMax = most;
        evict(0);
    }

    /** How old an entry with this name and value is: 0 for the newest; or {@link #ABSENT}. */
    int find(int hash, byte[] name, int nameFrom, int nameTo, byte[] value, int from, int to) {
        int entry = newest[hash & (newest.length - 1)];
        for (int i = 0; i < CHAIN_MAX && entry - oldest >= 0; i++) {
            int slot = entry & (SLOTS - 1);
            if (hashes[slot] == hash && is(slot, name, nameFrom, nameTo, value, from, to)) {
                return next - 1 - entry;
            }
            entry = older[slot];
        }
        return ABSENT;
    }

    private boolean is(int slot, byte[] name, int nameFrom, int nameTo, byte[] value, int from, int to) {
        int start = starts[slot];
        int middle = start + nameLengths[slot];
        return to - from == valueLengths[slot]
                && nameTo - nameFrom == nameLengths[slot]
                && Arrays.equals(bytes, middle, middle + valueLengths[slot], value, from, to)
                && Arrays.equals(bytes, start, middle, name, nameFrom, nameTo);
    }

    boolean fits(int nameLength, int valueLength) {
        return nameLength + valueLength + ENTRY_OVERHEAD <= sizeMax;
    }

    /** Enters a field that {@link #fits}, at the cost of the oldest ones. */
    void add(int hash, byte[] name, int nameFrom, int nameTo, byte[] value, int from, int to) {
        int nameLength = nameTo - nameFrom;
        int valueLength = to - from;
        evict(nameLength + valueLength + ENTRY_OVERHEAD);
        room(nameLength + valueLength);
        int entry = next++;
        int slot = entry & (SLOTS - 1);
        System.arraycopy(name, nameFrom, bytes, end, nameLength);
        System.arraycopy(value, from, bytes, end + nameLength, valueLength);
        starts[slot] = end;
        nameLengths[slot] = nameLength;
        valueLengths[slot] = valueLength;
        hashes[slot] = hash;
        older[slot] = newest[hash & (newest.length - 1)];
        newest[hash & (newest.length - 1)] = entry;
        end += nameLength + valueLength;
        size += nameLength + valueLength + ENTRY_OVERHEAD;
    }

    private void evict(int coming) {
        while (size + coming > sizeMax && oldest != next) {
            int slot = oldest++ & (SLOTS - 1);
            size -= nameLengths[slot] + valueLengths[slot] + ENTRY_OVERHEAD;
        }
    }

    private void room(int length) {
        if (end + length <= bytes.length) {
            return;
        }
        int from = oldest == next ? end : starts[oldest & (SLOTS - 1)];
        int live = end - from;
        byte[] target = bytes;
        if ((live + length) * 2 > bytes.length) {
            target = new byte[Math.max(512, (live + length) * 2)];
        }
        System.arraycopy(bytes, from, target, 0, live);
        for (int i = oldest; i != next; i++) {
            starts[i & (SLOTS - 1)] -= from;
        }
        bytes = target;
        end = live;
    }
}
