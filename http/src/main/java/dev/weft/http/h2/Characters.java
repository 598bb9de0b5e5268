package dev.weft.http.h2;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The character classes of RFC 9113 section 8.2.1, as tables, and eight bytes at a time where there are many. */
final class Characters {

    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    /** For a token character its lower case, else 0. */
    static final byte[] TOKEN = new byte[256];

    private static final long EACH = 0x0101010101010101L;
    private static final long SPACES = EACH * ' ';
    private static final long DELETES = EACH * 127;
    private static final long HIGH = 0x8080808080808080L;

    static {
        for (int c = '!'; c < 127; c++) {
            boolean alpha = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            boolean digit = c >= '0' && c <= '9';
            if (alpha || digit || "!#$%&'*+-.^_`|~".indexOf(c) >= 0) {
                TOKEN[c] = (byte) (c >= 'A' && c <= 'Z' ? c + 32 : c);
            }
        }
    }

    private Characters() {}

    /** Whether a field may have this value: no control character but HTAB, no whitespace at its ends. */
    static boolean value(byte[] bytes, int from, int to) {
        if (from == to) {
            return true;
        }
        if (whitespace(bytes[from]) || whitespace(bytes[to - 1])) {
            return false;
        }
        int at = from;
        for (; at + 8 <= to; at += 8) {
            long word = (long) LONG.get(bytes, at);
            if (suspicious(word) && !plainValue(bytes, at, at + 8)) {
                return false;
            }
        }
        return plainValue(bytes, at, to);
    }

    private static boolean plainValue(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if ((b >= 0 && b < ' ' && b != '\t') || b == 127) {
                return false;
            }
        }
        return true;
    }

    /** Whether a byte below SP, or DEL, is among these eight. */
    private static boolean suspicious(long word) {
        long deleted = word ^ DELETES;
        long controls = (word - SPACES) & ~word;
        return ((controls | ((deleted - EACH) & ~deleted)) & HIGH) != 0;
    }

    /** Whether all bytes are visible ASCII. */
    static boolean visible(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] <= ' ' || bytes[i] == 127) {
                return false;
            }
        }
        return true;
    }

    static boolean token(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (TOKEN[bytes[i] & 0xff] == 0) {
                return false;
            }
        }
        return from < to;
    }

    static boolean whitespace(byte b) {
        return b == ' ' || b == '\t';
    }

    /** The number, or -1 when it is none or has more than 18 digits. */
    static long decimal(byte[] bytes, int from, int to) {
        if (from == to || to - from > 18) {
            return -1;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /** The offset of the first byte like this one at or after {@code from}; there is one. */
    static int until(byte wanted, byte[] bytes, int from) {
        int at = from;
        long pattern = EACH * wanted;
        while (at + 8 <= bytes.length) {
            long found = zeros((long) LONG.get(bytes, at) ^ pattern);
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
            at += 8;
        }
        while (bytes[at] != wanted) {
            at++;
        }
        return at;
    }

    /** Marks the bytes that are zero; marks after the first one may be wrong. */
    private static long zeros(long word) {
        return (word - EACH) & ~word & HIGH;
    }

    /** Copies bytes in lower case; up to seven bytes after them are overwritten too. */
    static void lower(byte[] bytes, int from, int to, byte[] out, int at) {
        int in = from;
        int position = at;
        for (; in < to && in + 8 <= bytes.length; in += 8, position += 8) {
            LONG.set(out, position, lower((long) LONG.get(bytes, in)));
        }
        for (; in < to; in++) {
            byte b = bytes[in];
            out[position++] = (byte) (b >= 'A' && b <= 'Z' ? b + 32 : b);
        }
    }

    private static long lower(long word) {
        long low = word & ~HIGH;
        long upper = ((low + EACH * (128 - 'A')) ^ (low + EACH * (127 - 'Z'))) & ~word & HIGH;
        return word | (upper >>> 2);
    }

    /** A hash that looks at no more than 24 of the bytes. */
    static int sample(byte[] bytes, int from, int to) {
        int length = to - from;
        long first;
        long middle = 0;
        long last = 0;
        if (length < 8) {
            first = few(bytes, from, length);
        } else {
            first = (long) LONG.get(bytes, from);
            middle = (long) LONG.get(bytes, from + (length - 8) / 2);
            last = (long) LONG.get(bytes, to - 8);
        }
        long mixed = (first * 0x9E3779B97F4A7C15L + middle) * 0xC2B2AE3D27D4EB4FL + last + length;
        return (int) ((mixed * 0x9E3779B97F4A7C15L) >>> 32);
    }

    private static long few(byte[] bytes, int from, int length) {
        if (from + 8 <= bytes.length) {
            return (long) LONG.get(bytes, from) & ((1L << (length * 8)) - 1);
        }
        long word = 0;
        for (int i = 0; i < length; i++) {
            word |= (bytes[from + i] & 0xffL) << (i * 8);
        }
        return word;
    }

    static boolean equal(byte[] bytes, int from, int to, String text) {
        if (to - from != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (bytes[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
