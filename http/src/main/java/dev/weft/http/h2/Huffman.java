package dev.weft.http.h2;

/** HPACK's Huffman code (RFC 7541 appendix B). It is canonical: the lengths say all. */
final class Huffman {

    /** {@link #decode} found a code that does not exist, EOS, or a wrong padding. */
    static final int MALFORMED = -1;

    private static final int FAST_BITS = 10;
    private static final int LENGTH_MAX = 30;
    private static final int END_OF_STRING = 256;

    /** Each line: a code's length in bits, then the symbols that have such a code, in hexadecimal; a range with a dash. */
    static final String[] LENGTHS = {
        "5 30-32 61 63 65 69 6f 73 74",
        "6 20 25 2d-2f 33-39 3d 41 5f 62 64 66-68 6c-6e 70 72 75",
        "7 3a 42-57 59 6a 6b 71 76-7a",
        "8 26 2a 2c 3b 58 5a",
        "10 21 22 28 29 3f",
        "11 27 2b 7c",
        "12 23 3e",
        "13 00 24 40 5b 5d 7e",
        "14 5e 7d",
        "15 3c 60 7b",
        "19 5c c3 d0",
        "20 80 82 83 a2 b8 c2 e0 e2",
        "21 99 a1 a7 ac b0 b1 b3 d1 d8 d9 e3 e5 e6",
        "22 81 84-86 88 92 9a 9c a0 a3 a4 a9 aa ad b2 b5 b9 ba bb bd be c4 c6 e4 e8 e9",
        "23 01 87 89-8d 8f 93 95-98 9b 9d 9e a5 a6 a8 ae af b4 b6 b7 bc bf c5 e7 ef",
        "24 09 8e 90 91 94 9f ab ce d7 e1 ec ed",
        "25 c7 cf ea eb",
        "26 c0 c1 c8-ca cd d2 d5 da db ee f0 f2 f3 ff",
        "27 cb cc d3 d4 d6 dd-df f1 f4-f8 fa-fe",
        "28 02-08 0b 0c 0e-15 17-1f 7f dc f9",
        "30 0a 0d 16 100"
    };

    /** By the next ten bits: length and symbol of the code they begin with; 0 where it is longer. */
    private static final short[] FAST = new short[1 << FAST_BITS];

    /** By length: the first code, how many there are, and where their symbols stand. */
    private static final int[] FIRST = new int[LENGTH_MAX + 1];

    private static final int[] COUNT = new int[LENGTH_MAX + 1];
    private static final int[] OFFSET = new int[LENGTH_MAX + 1];
    private static final short[] SYMBOLS = new short[END_OF_STRING + 1];

    static {
        int symbols = 0;
        for (String line : LENGTHS) {
            String[] words = line.split(" ");
            int length = Integer.parseInt(words[0]);
            OFFSET[length] = symbols;
            for (int i = 1; i < words.length; i++) {
                String[] range = words[i].split("-");
                int last = Integer.parseInt(range[range.length - 1], 16);
                for (int symbol = Integer.parseInt(range[0], 16); symbol <= last; symbol++) {
                    SYMBOLS[symbols++] = (short) symbol;
                }
            }
            COUNT[length] = symbols - OFFSET[length];
        }
        int code = 0;
        for (int length = 1; length <= LENGTH_MAX; length++) {
            code <<= 1;
            FIRST[length] = code;
            for (int i = 0; i < COUNT[length] && length <= FAST_BITS; i++) {
                int from = (code + i) << (FAST_BITS - length);
                for (int j = 0; j < 1 << (FAST_BITS - length); j++) {
                    FAST[from + j] = (short) ((length << 8) | SYMBOLS[OFFSET[length] + i]);
                }
            }
            code += COUNT[length];
        }
    }

    private Huffman() {}

    /** How long the decoded form of this many bytes may become. */
    static int lengthMax(int encoded) {
        return (int) (encoded * 8L / 5);
    }

    /** Decodes bytes {@code from} to {@code to}; returns the offset after what was written, or {@link #MALFORMED}. */
    static int decode(byte[] bytes, int from, int to, byte[] out, int at) {
        long held = 0;
        int bits = 0;
        int in = from;
        int position = at;
        while (true) {
            while (bits <= 56 && in < to) {
                held = (held << 8) | (bytes[in++] & 0xff);
                bits += 8;
            }
            int next = (int) (bits >= FAST_BITS ? held >>> (bits - FAST_BITS) : held << (FAST_BITS - bits))
                    & (FAST.length - 1);
            int entry = FAST[next];
            int length = entry >> 8;
            if (length == 0 && bits > FAST_BITS) {
                entry = longCode(held, bits);
                length = entry >> 9;
                if ((entry & 0x1ff) == END_OF_STRING) {
                    return MALFORMED;
                }
            }
            if (length == 0 || length > bits) {
                return in == to && bits < 8 && held(held, bits) == (1L << bits) - 1 ? position : MALFORMED;
            }
            out[position++] = (byte) entry;
            bits -= length;
        }
    }

    private static long held(long held, int bits) {
        return held & ((1L << bits) - 1);
    }

    /** Length and symbol, the length shifted by nine; 0 when no code ends within these bits. */
    private static int longCode(long held, int bits) {
        for (int length = FAST_BITS + 1; length <= Math.min(bits, LENGTH_MAX); length++) {
            int code = (int) (held >>> (bits - length)) & ((1 << length) - 1);
            int index = code - FIRST[length];
            if (index >= 0 && index < COUNT[length]) {
                return (length << 9) | SYMBOLS[OFFSET[length] + index];
            }
        }
        return 0;
    }
}
