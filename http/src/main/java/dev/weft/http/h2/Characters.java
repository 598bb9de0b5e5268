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

    /** A hash of lower case bytes: the polynomial with factor 31. */
    static int hash(byte[] bytes, int from, int to) {
        int sum = 0;
        for (int i = from; i < to; i++) {
            sum = sum * 31 + bytes[i];
        }
        return sum;
    }

    /** A hash of a value that looks at no more than 24 of its bytes. */
    static int sample(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length < 8) {
            return hash(bytes, from, to) ^ (length * 0x9E3779B1);
        }
        long first = (long) LONG.get(bytes, from);
        long middle = (long) LONG.get(bytes, from + (length - 8) / 2);
        long last = (long) LONG.get(bytes, to - 8);
        long mixed = (first * 0x9E3779B97F4A7C15L + middle) * 0xC2B2AE3D27D4EB4FL + last + length;
        mixed *= 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32);
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
