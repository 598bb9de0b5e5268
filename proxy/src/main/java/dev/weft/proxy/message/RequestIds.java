package dev.weft.proxy.message;

import java.util.SplittableRandom;

/** Makes {@code x-request-id} values: random UUIDs (RFC 9562 version 4). Belongs to one loop. */
public final class RequestIds {

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};
    private static final int LENGTH = 36;

    private final SplittableRandom random;
    private final byte[] text = new byte[LENGTH];

    public RequestIds(SplittableRandom random) {
        this.random = random;
    }

    /** Any number. */
    public long random() {
        return random.nextLong();
    }

    @SuppressWarnings("deprecation") // String(byte[], int) for ASCII copies once and decodes nothing
    public String next() {
        long high = (random.nextLong() & ~0xF000L) | 0x4000L;
        long low = (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
        int at = 0;
        for (int digit = 0; digit < 32; digit++) {
            if (digit == 8 || digit == 12 || digit == 16 || digit == 20) {
                text[at++] = '-';
            }
            long half = digit < 16 ? high : low;
            text[at++] = HEX[(int) (half >>> (60 - 4 * (digit & 15))) & 15];
        }
        return new String(text, 0, 0, LENGTH);
    }
}
