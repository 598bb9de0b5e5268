package dev.weft.proxy.trace;

import java.util.Arrays;

/** Numbers as hexadecimal digits in bytes. */
final class Hex {

    private static final byte[] DIGITS = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };
    private static final byte[] VALUES = new byte[256];

    static {
        Arrays.fill(VALUES, (byte) -1);
        for (int i = 0; i < 16; i++) {
            VALUES[DIGITS[i]] = (byte) i;
        }
    }

    private Hex() {}

    /** Whether all of these bytes are lower case digits. */
    static boolean all(byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (VALUES[text[i] & 0xff] < 0) {
                return false;
            }
        }
        return true;
    }

    /** Of at most 16 digits, which {@link #all} has checked. */
    static long parse(byte[] text, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            value = value << 4 | VALUES[text[i] & 0xff];
        }
        return value;
    }

    /** Writes as many digits as there is room for, the low ones. */
    static void write(long value, byte[] out, int from, int to) {
        long rest = value;
        for (int i = to - 1; i >= from; i--) {
            out[i] = DIGITS[(int) (rest & 15)];
            rest >>>= 4;
        }
    }
}
