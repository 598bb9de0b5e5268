package dev.weft.http.h2;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** Encodes with HPACK's Huffman code, which the program itself only decodes. */
final class HuffmanCoder {

    private static final int[] CODES = new int[257];
    private static final int[] LENGTHS = new int[257];

    static {
        int code = 0;
        int before = 0;
        for (String line : Huffman.LENGTHS) {
            String[] words = line.split(" ", -1);
            int length = Integer.parseInt(words[0]);
            code <<= length - before;
            before = length;
            for (String word : List.of(words).subList(1, words.length)) {
                String[] range = word.split("-", -1);
                int last = Integer.parseInt(range[range.length - 1], 16);
                for (int symbol = Integer.parseInt(range[0], 16); symbol <= last; symbol++) {
                    CODES[symbol] = code++;
                    LENGTHS[symbol] = length;
                }
            }
        }
    }

    private HuffmanCoder() {}

    static byte[] encode(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long held = 0;
        int bits = 0;
        for (byte b : bytes) {
            int length = LENGTHS[b & 0xff];
            held = (held << length) | CODES[b & 0xff];
            bits += length;
            while (bits >= 8) {
                bits -= 8;
                out.write((int) (held >>> bits));
            }
        }
        if (bits > 0) {
            out.write((int) (held << (8 - bits)) | ((1 << (8 - bits)) - 1));
        }
        return out.toByteArray();
    }
}
