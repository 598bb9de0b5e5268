package dev.weft.proxy.route;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A hash table by host name, asked with bytes of any case and without making a String. Immutable.
 *
 * @param <V> what a name stands for
 */
final class HostMap<V> {

    static final int ABSENT = -1;

    private final byte[][] keys;
    private final List<V> values;
    private final int[] slots;

    HostMap(Map<String, V> entries) {
        this.keys = new byte[entries.size()][];
        this.values = new ArrayList<>(entries.size());
        this.slots = new int[Integer.highestOneBit(Math.max(4, entries.size() * 4))];
        Arrays.fill(slots, ABSENT);
        entries.forEach((host, value) -> {
            byte[] key = host.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1);
            int slot = slotOf(hash(0, key, 0, key.length));
            while (slots[slot] != ABSENT) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = values.size();
            keys[values.size()] = key;
            values.add(value);
        });
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    V value(int index) {
        return values.get(index);
    }

    /** The index of the name, or {@link #ABSENT}. */
    int find(byte[] text, int from, int to) {
        int slot = slotOf(hash(0, text, from, to));
        while (slots[slot] != ABSENT) {
            byte[] key = keys[slots[slot]];
            if (key.length == to - from && startsWith(key, text, from, to)) {
                return slots[slot];
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return ABSENT;
    }

    /** The index of the name that is the bytes, a dot, and {@code parent} (lower case), or {@link #ABSENT}. */
    int findUnder(byte[] text, int from, int to, String parent) {
        int hash = hash(0, text, from, to) * 31 + '.';
        for (int i = 0; i < parent.length(); i++) {
            hash = hash * 31 + parent.charAt(i);
        }
        int slot = slotOf(hash);
        while (slots[slot] != ABSENT) {
            byte[] key = keys[slots[slot]];
            if (key.length == to - from + 1 + parent.length()
                    && startsWith(key, text, from, to)
                    && endsWith(key, to - from, parent)) {
                return slots[slot];
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return ABSENT;
    }

    private int slotOf(int hash) {
        return (hash ^ (hash >>> 15)) & (slots.length - 1);
    }

    private static int hash(int start, byte[] text, int from, int to) {
        int hash = start;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + lower(text[i]);
        }
        return hash;
    }

    private static boolean startsWith(byte[] key, byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (key[i - from] != lower(text[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean endsWith(byte[] key, int dot, String parent) {
        if (key[dot] != '.') {
            return false;
        }
        for (int i = 0; i < parent.length(); i++) {
            if (key[dot + 1 + i] != parent.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static byte lower(byte each) {
        return each >= 'A' && each <= 'Z' ? (byte) (each + 32) : each;
    }
}
