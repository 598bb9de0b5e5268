package dev.weft.proxy.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TraceContextTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final long HIGH = 0x4bf92f3577b34da6L;
    private static final long LOW = 0xa3ce929d0e0e4736L;
    private static final long ID = 0x00f067aa0ba902b7L;

    @Test
    void readsTheExampleOfW3c() {
        assertThat(w3c("00-" + TRACE + "-" + SPAN + "-01")).isEqualTo(new TraceContext(HIGH, LOW, ID, Sampling.RECORD));
        assertThat(w3c("00-" + TRACE + "-" + SPAN + "-00")).isEqualTo(new TraceContext(HIGH, LOW, ID, Sampling.SKIP));
        assertThat(w3c("cc-" + TRACE + "-" + SPAN + "-01-what-the-future-holds"))
                .as("a later version")
                .isEqualTo(new TraceContext(HIGH, LOW, ID, Sampling.RECORD));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.",
                "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.x",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "0g-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            })
    void readsNothingFromATraceparentThatBreaksTheForm(String value) {
        assertThat(w3c(value)).isNull();
    }

    @Test
    void readsEveryFormOfB3() {
        assertThat(b3(TRACE + "-" + SPAN + "-1")).isEqualTo(new TraceContext(HIGH, LOW, ID, Sampling.RECORD));
        assertThat(b3(TRACE + "-" + SPAN + "-d")).isEqualTo(new TraceContext(HIGH, LOW, ID, Sampling.RECORD));
        assertThat(b3(TRACE + "-" + SPAN + "-0-05e3ac9a4f6e3b90"))
                .isEqualTo(new TraceContext(HIGH, LOW, ID, Sampling.SKIP));
        assertThat(b3(TRACE + "-" + SPAN)).isEqualTo(new TraceContext(HIGH, LOW, ID, Sampling.OPEN));
        assertThat(b3("a3ce929d0e0e4736-" + SPAN + "-1"))
                .as("a short id")
                .isEqualTo(new TraceContext(0, LOW, ID, Sampling.RECORD));
        assertThat(b3("0")).isEqualTo(new TraceContext(0, 0, 0, Sampling.SKIP));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "-",
                "1-",
                "a3ce929d0e0e4736-00f067aa0ba902b7-",
                "a3ce929d0e0e4736-00f067aa0ba902b7-2",
                "a3ce929d0e0e4736-00f067aa0ba902b7-11",
                "a3ce929d0e0e4736-00f067aa0ba902b7-1-05e3ac9a4f6e3b9",
                "a3ce929d0e0e473-00f067aa0ba902b7-1",
                "0000000000000000-00f067aa0ba902b7-1",
                "a3ce929d0e0e4736-0000000000000000-1"
            })
    void readsNothingFromAB3ThatBreaksTheForm(String value) {
        assertThat(b3(value)).isNull();
    }

    @Test
    void readsTheDecisionOfTheSeparateHeaders() {
        assertThat(sampled("1")).isEqualTo(Sampling.RECORD);
        assertThat(sampled("true")).isEqualTo(Sampling.RECORD);
        assertThat(sampled("0")).isEqualTo(Sampling.SKIP);
        assertThat(sampled("false")).isEqualTo(Sampling.SKIP);
        assertThat(sampled("")).isEqualTo(Sampling.OPEN);
        assertThat(sampled("perhaps")).isEqualTo(Sampling.OPEN);
    }

    @Test
    void whatIsWrittenReadsBackTheSame() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            long high = random.nextInt(4) == 0 ? 0 : random.nextLong();
            long low = random.nextLong() | 1;
            long span = random.nextLong() | 1;
            boolean recorded = random.nextBoolean();
            TraceContext same = new TraceContext(high, low, span, recorded ? Sampling.RECORD : Sampling.SKIP);
            byte[] w3c = W3c.format(high, low, span, recorded);
            byte[] b3 = B3.format(high, low, span, random.nextBoolean() ? 0 : random.nextLong() | 1, recorded);
            byte[] trace = B3.traceId(high, low);
            byte[] id = B3.spanId(span);

            assertThat(W3c.parse(w3c, 0, w3c.length)).isEqualTo(same);
            assertThat(B3.single(b3, 0, b3.length)).isEqualTo(same);
            assertThat(B3.context(trace, 0, trace.length, id, 0, id.length, same.sampling()))
                    .isEqualTo(same);
        }
    }

    @Test
    void noBytesMakeItThrowAndAllThatItTakesReadsBackTheSame() {
        fuzz(4, 300_000);
    }

    @Test
    @Tag("full")
    void norDoTenMillionHeaders() {
        fuzz(5, 10_000_000);
    }

    private static void fuzz(long seed, int rounds) {
        Random random = new Random(seed);
        String alphabet = "0123456789abcdef----ABCxd \u00ff\u0000";
        String[] seeds = {"00-" + TRACE + "-" + SPAN + "-01", TRACE + "-" + SPAN + "-1", "1"};
        for (int i = 0; i < rounds; i++) {
            byte[] text = bytes(seeds[random.nextInt(seeds.length)]);
            for (int edits = random.nextInt(3); edits > 0; edits--) {
                text[random.nextInt(text.length)] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
            }
            int from = random.nextInt(3) == 0 ? random.nextInt(text.length) : 0;
            int to = random.nextInt(3) == 0 ? from + random.nextInt(text.length - from + 1) : text.length;
            TraceContext w3c = W3c.parse(text, from, to);
            if (w3c != null) {
                byte[] again = W3c.format(w3c.high(), w3c.low(), w3c.span(), w3c.sampling() == Sampling.RECORD);
                if (!w3c.equals(W3c.parse(again, 0, again.length))) {
                    throw new AssertionError(w3c + " reads back as another");
                }
            }
            TraceContext b3 = B3.single(text, from, to);
            if (b3 != null && b3.named()) {
                int length = B3.traceId(b3.high(), b3.low()).length;
                if (length < 16 || length > 32) {
                    throw new AssertionError(b3 + " is written in " + length + " bytes");
                }
            }
            Objects.requireNonNull(B3.sampled(text, from, to));
        }
    }

    private static @Nullable TraceContext w3c(String value) {
        return W3c.parse(bytes(value), 0, value.length());
    }

    private static @Nullable TraceContext b3(String value) {
        return B3.single(bytes(value), 0, value.length());
    }

    private static Sampling sampled(String value) {
        return B3.sampled(bytes(value), 0, value.length());
    }

    private static byte[] bytes(String value) {
        return value.getBytes(StandardCharsets.ISO_8859_1);
    }
}
