package dev.weft.http.h2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Header blocks that nobody would write: each is decoded or refused, and neither table nor head grows beyond its limit. */
class HpackFuzzTest {

    private static final int BLOCKS = 50_000;
    private static final int BLOCKS_FULL = 10_000_000;
    private static final int TABLE_BYTES = 512;
    private static final int HEAD_BYTES = 1024;
    private static final int HELD_BYTES_MAX = 16 * 1024;
    private static final HeadBuilder.Form[] FORMS = HeadBuilder.Form.values();

    @Test
    void noBlockBreaksTheDecoder() {
        run(1, BLOCKS);
    }

    @Test
    @Tag("full")
    void noneOfTenMillionBlocksBreaksTheDecoder() {
        run(2, BLOCKS_FULL);
    }

    /** A decoder lives for a few blocks, as on a connection, so that later ones meet the table of earlier ones. */
    private static void run(long seed, int blocks) {
        SplittableRandom random = new SplittableRandom(seed);
        HeadBuilder head = new HeadBuilder(HEAD_BYTES, 20, true);
        FieldDecoder decoder = new FieldDecoder(TABLE_BYTES);
        int decoded = 0;
        for (int i = 0; i < blocks; i++) {
            byte[] block = block(random);
            try {
                head.begin(FORMS[random.nextInt(FORMS.length)]);
                boolean sound = decoder.decode(block, 0, block.length, head);
                if (sound && head.finish(new byte[0])) {
                    decoded++;
                }
                if (!sound || random.nextInt(8) == 0) {
                    decoder = new FieldDecoder(TABLE_BYTES);
                }
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", block " + i, e);
            }
            if (decoder.table().size() > TABLE_BYTES
                    || head.held() + decoder.table().held() > HELD_BYTES_MAX) {
                throw new AssertionError(
                        "seed " + seed + ", block " + i + ": " + decoder.table().size() + " bytes in the" + " table, "
                                + head.held() + " and " + decoder.table().held() + " held");
            }
        }
        assertThat(decoded).as("blocks that made a head").isGreaterThan(blocks / 100);
    }

    private static byte[] block(SplittableRandom random) {
        byte[] block = new byte[1 + random.nextInt(60)];
        int at = 0;
        if (random.nextBoolean()) { // GET / over http, so that some are heads
            byte[] start = {(byte) 0x82, (byte) 0x86, (byte) 0x84, 0x41, 1, 'a'};
            at = Math.min(start.length, block.length);
            System.arraycopy(start, 0, block, 0, at);
        }
        while (at < block.length) {
            int left = block.length - at;
            int kind = random.nextInt(8);
            if (kind < 3) {
                block[at++] = (byte) (0x80 | random.nextInt(72)); // an entry, of the static table mostly
            } else if (kind < 6 && left > 4) {
                block[at++] = (byte) (random.nextBoolean() ? 0x40 : 0);
                at = text(block, at, random);
                at = at < block.length ? text(block, at, random) : at;
            } else if (kind == 6) {
                block[at++] = (byte) (0x20 | random.nextInt(32)); // another size of the table
            } else {
                block[at++] = (byte) random.nextInt();
            }
        }
        return block;
    }

    /** A string literal, or what looks like one. */
    private static int text(byte[] block, int from, SplittableRandom random) {
        int length = random.nextInt(8);
        boolean coded = random.nextInt(4) == 0;
        block[from] = (byte) (coded ? 0x80 | length : length);
        int at = from + 1;
        for (int i = 0; i < length && at < block.length; i++) {
            block[at++] = (byte) (coded ? random.nextInt() : 'a' + random.nextInt(26));
        }
        return at;
    }
}
