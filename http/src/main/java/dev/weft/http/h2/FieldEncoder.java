package dev.weft.http.h2;

import java.util.Arrays;

/**
 * HPACK's encoder (RFC 7541). A field enters the table the second time it comes, so that values which never return do
 * not push out those that do; credentials never enter it (section 7.1).
 */
final class FieldEncoder {

    private static final int INDEXED = 0x80;
    private static final int KEPT = 0x40;
    private static final int RESIZE = 0x20;
    private static final int NEVER_KEPT = 0x10;
    private static final int NOT_KEPT = 0;

    private static final int SEEN = 256;
    private static final int SHORT_COOKIE = 20;

    /** A longer buffer is for one block alone. */
    private static final int KEPT_BYTES_MAX = 8 * 1024;

    private final EncodingTable table = new EncodingTable();
    private final int[] seen = new int[SEEN];
    private int smallestSize = EncodingTable.SIZE_MAX;
    private boolean resized;
    private byte[] out = new byte[512];
    private int at;

    /** Begins a block after this many bytes, which are left free. */
    void begin(int reserved) {
        if (out.length > KEPT_BYTES_MAX) {
            out = new byte[KEPT_BYTES_MAX];
        }
        at = reserved;
        if (resized) {
            resized = false;
            if (smallestSize < table.sizeMax()) {
                integer(RESIZE, 5, smallestSize);
            }
            integer(RESIZE, 5, table.sizeMax());
            smallestSize = table.sizeMax();
        }
    }

    /** What the peer's settings allow; said to it in the next block (RFC 7541 section 4.2). */
    void sizeLimit(long bytes) {
        int most = (int) Math.min(bytes, EncodingTable.SIZE_MAX);
        if (most != table.sizeMax()) {
            smallestSize = Math.min(smallestSize, most);
            table.sizeMax(most);
            resized = true;
        }
    }

    byte[] bytes() {
        return out;
    }

    /** The offset after the block. */
    int end() {
        return at;
    }

    /** An entry of the static table, as it is. */
    void indexed(int staticIndex) {
        integer(INDEXED, 7, staticIndex);
    }

    /**
     * @param nameHash of the lower case name, as {@link Characters#sample} makes it
     * @param value need not stand in the same array
     */
    void field(int nameHash, byte[] name, int nameFrom, int nameTo, byte[] value, int from, int to) {
        int nameIndex = StaticTable.nameIndex(nameHash, name, nameFrom, nameTo);
        int whole = nameIndex == 0 ? 0 : StaticTable.fieldIndex(nameIndex, value, from, to);
        if (whole != 0) {
            integer(INDEXED, 7, whole);
            return;
        }
        if (secret(nameIndex, to - from)) {
            literal(NEVER_KEPT, 4, nameIndex, name, nameFrom, nameTo, value, from, to);
            return;
        }
        int hash = nameHash * 0x9E3779B1 + Characters.sample(value, from, to);
        hash ^= hash >>> 15;
        int age = table.find(hash, name, nameFrom, nameTo, value, from, to);
        if (age != EncodingTable.ABSENT) {
            integer(INDEXED, 7, StaticTable.COUNT + 1 + age);
            return;
        }
        boolean again = seen[hash & (SEEN - 1)] == hash;
        seen[hash & (SEEN - 1)] = hash;
        if (again && table.fits(nameTo - nameFrom, to - from)) {
            literal(KEPT, 6, nameIndex, name, nameFrom, nameTo, value, from, to);
            table.add(hash, name, nameFrom, nameTo, value, from, to);
        } else {
            literal(NOT_KEPT, 4, nameIndex, name, nameFrom, nameTo, value, from, to);
        }
    }

    private static boolean secret(int nameIndex, int valueLength) {
        return switch (nameIndex) {
            case 23, 49 -> true; // authorization, proxy-authorization
            case 32 -> valueLength < SHORT_COOKIE;
            default -> false;
        };
    }

    private void literal(
            int form,
            int prefix,
            int nameIndex,
            byte[] name,
            int nameFrom,
            int nameTo,
            byte[] value,
            int from,
            int to) {
        integer(form, prefix, nameIndex);
        if (nameIndex == 0) {
            text(name, nameFrom, nameTo);
        }
        text(value, from, to);
    }

    private void text(byte[] bytes, int from, int to) {
        int length = to - from;
        integer(0, 7, length);
        room(length);
        System.arraycopy(bytes, from, out, at, length);
        at += length;
    }

    private void integer(int form, int prefix, int value) {
        room(8);
        int mask = (1 << prefix) - 1;
        if (value < mask) {
            out[at++] = (byte) (form | value);
            return;
        }
        out[at++] = (byte) (form | mask);
        int rest = value - mask;
        while (rest >= 128) {
            out[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        out[at++] = (byte) rest;
    }

    private void room(int length) {
        if (at + length > out.length) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, at + length));
        }
    }
}
