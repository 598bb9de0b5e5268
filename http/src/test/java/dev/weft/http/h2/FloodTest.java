package dev.weft.http.h2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** Work for nothing ends in ENHANCE_YOUR_CALM at the limits of {@link FloodLimits}, and not before. */
class FloodTest {

    private final Wire wire = Wire.toServer();

    /** How often this can be done until the connection breaks. */
    private int timesUntilBroken(int most, IntConsumer again) {
        for (int i = 0; i < most; i++) {
            again.accept(i);
            if (!wire.open) {
                assertThat(wire.session.problem()).startsWith("ENHANCE_YOUR_CALM");
                assertThat(wire.answers().getLast()).startsWith("GOAWAY").endsWith("ENHANCE_YOUR_CALM");
                return i + 1;
            }
        }
        return most;
    }

    @Test
    void containsRapidReset() {
        int times = timesUntilBroken(1000, i -> {
            wire.get(2 * i + 1);
            wire.send(Frames.RST_STREAM, 0, 2 * i + 1, Wire.number(ErrorType.CANCEL.code()));
        });
        assertThat(times).isEqualTo(250);
    }

    @Test
    void letsClientsCancelWhatTakesLong() {
        int times = timesUntilBroken(1000, i -> {
            wire.get(2 * i + 1);
            wire.now += TimeUnit.SECONDS.toNanos(2);
            wire.send(Frames.RST_STREAM, 0, 2 * i + 1, Wire.number(ErrorType.CANCEL.code()));
        });
        assertThat(times).isEqualTo(1000);
    }

    private static Wire toHop() {
        SessionOptions one = SessionOptions.DEFAULT;
        return Wire.toServer(new SessionOptions(
                one.scheme(),
                one.streamsMax(),
                one.streamWindowBytes(),
                one.connectionWindowBytes(),
                one.headBytesMax(),
                one.fieldsMax(),
                one.frameBytesMax(),
                one.headerTableBytes(),
                one.queuedBytesMax(),
                one.connectionQueuedBytesMax(),
                one.extendedConnect(),
                one.settingsTimeout(),
                one.pingTimeout(),
                FloodLimits.HOP));
    }

    @Test
    void containsRapidResetBetweenProxiesToo() {
        Wire hop = toHop();
        assertThat(timesUntilLeft(hop, 1)).isEqualTo(2_500);
        assertThat(hop.session.problem()).isEmpty();
    }

    @Test
    void endsNobodyElsesStreamsBetweenProxies() {
        Wire hop = toHop();
        hop.get(1);
        assertThat(timesUntilLeft(hop, 3)).isEqualTo(5_000);
        assertThat(hop.open).isTrue();
        byte[] head = Pair.bytes("HTTP/1.1 204 ||");
        hop.session.head(1, head, 0, head.length, true);
        assertThat(hop.session.done()).isTrue();
        assertThat(hop.session.problem()).isEmpty();
    }

    private static int timesUntilLeft(Wire hop, int first) {
        int times = 0;
        while (hop.open && !hop.session.done() && times < 5_000) {
            hop.get(first + 2 * times);
            hop.send(Frames.RST_STREAM, 0, first + 2 * times, Wire.number(ErrorType.CANCEL.code()));
            times++;
        }
        return times;
    }

    @Test
    void letsAProxyGiveUpAllThatItsCallersHaveNoPatienceFor() {
        Wire hop = toHop();
        for (int i = 0; i < 20_000; i++) {
            hop.get(2 * i + 1);
            hop.now += TimeUnit.MILLISECONDS.toNanos(25);
            hop.send(Frames.RST_STREAM, 0, 2 * i + 1, Wire.number(ErrorType.CANCEL.code()));
            assertThat(hop.open).isTrue();
        }
    }

    @Test
    void letsAProxyGiveUpSomeAtOnce() {
        Wire hop = toHop();
        byte[] head = Pair.bytes("HTTP/1.1 204 ||");
        for (int i = 0; i < 20_000; i++) {
            hop.now += TimeUnit.MILLISECONDS.toNanos(1);
            hop.get(2 * i + 1);
            if (i % 5 < 3) {
                hop.session.head(2 * i + 1, head, 0, head.length, true);
            } else {
                hop.send(Frames.RST_STREAM, 0, 2 * i + 1, Wire.number(ErrorType.CANCEL.code()));
            }
            assertThat(hop.open).isTrue();
        }
    }

    @Test
    void letsClientsCancelLessThanHalf() {
        byte[] head = Pair.bytes("HTTP/1.1 204 ||");
        int times = timesUntilBroken(3000, i -> {
            wire.get(2 * i + 1);
            if (i % 5 < 3) {
                wire.session.head(2 * i + 1, head, 0, head.length, true);
            } else {
                wire.send(Frames.RST_STREAM, 0, 2 * i + 1, Wire.number(ErrorType.CANCEL.code()));
            }
        });
        assertThat(times).isEqualTo(3000);
    }

    @Test
    void letsAServerResetEachStreamOnceAndNoMore() {
        Wire toClient = Wire.toClient();
        byte[] head = Pair.bytes("POST / HTTP/1.1|host: a|content-length: 1||");
        byte[] reset = Wire.number(ErrorType.NO_ERROR.code());
        for (int i = 0; i < 20_000; i++) {
            int stream = toClient.session.open(head, 0, head.length, false);
            toClient.headers(stream, true, ":status=200");
            toClient.send(Frames.RST_STREAM, 0, stream, reset);
            assertThat(toClient.open).isTrue();
        }
        int more = 0;
        while (toClient.open && more < 20_000) {
            toClient.send(Frames.RST_STREAM, 0, 1, reset);
            more++;
        }
        assertThat(more).isBetween(9_990, 10_001);
        assertThat(toClient.session.problem()).startsWith("ENHANCE_YOUR_CALM");
    }

    @Test
    void findsRapidResetAfterManyGoodRequests() {
        byte[] head = Pair.bytes("HTTP/1.1 204 ||");
        int times = timesUntilBroken(12_000, i -> {
            wire.get(2 * i + 1);
            if (i < 10_000) {
                wire.session.head(2 * i + 1, head, 0, head.length, true);
            } else {
                wire.send(Frames.RST_STREAM, 0, 2 * i + 1, Wire.number(ErrorType.CANCEL.code()));
            }
        });
        assertThat(times).isBetween(10_250, 11_000);
    }

    @Test
    void containsResetsThatThisSideIsMadeToSend() {
        int times = timesUntilBroken(1000, i -> {
            wire.post(2 * i + 1);
            wire.send(Frames.WINDOW_UPDATE, 0, 2 * i + 1, Wire.number(0));
        });
        assertThat(times).isEqualTo(250);
    }

    @Test
    void containsRefusedStreams() {
        int times = timesUntilBroken(1000, i -> wire.get(2 * i + 1));
        assertThat(times).isEqualTo(350);
    }

    @Test
    void containsContinuations() {
        wire.send(Frames.HEADERS, 0, 1, Wire.block(":method=GET"));
        assertThat(timesUntilBroken(100, _ -> wire.send(Frames.CONTINUATION, 0, 1, Wire.block("a=b"))))
                .isEqualTo(9);
    }

    @Test
    void containsLongHeaderBlocks() {
        byte[] part = Wire.block("a=" + "x".repeat(15_000));
        wire.send(Frames.HEADERS, 0, 1, part);
        assertThat(timesUntilBroken(100, _ -> wire.send(Frames.CONTINUATION, 0, 1, part)))
                .isEqualTo(4);
    }

    @Test
    void containsEmptyFrames() {
        wire.post(1);
        assertThat(timesUntilBroken(100, _ -> wire.data(1, "", false))).isEqualTo(2);
    }

    @Test
    void containsFramesOfPaddingAlone() {
        wire.post(1);
        assertThat(timesUntilBroken(100, _ -> wire.send(Frames.DATA, Frames.PADDED, 1, new byte[] {3, 0, 0, 0})))
                .isEqualTo(2);
    }

    @Test
    void containsPings() {
        assertThat(timesUntilBroken(20_000, _ -> wire.send(Frames.PING, 0, 0, new byte[8])))
                .isEqualTo(10_000 - 1);
    }

    @Test
    void containsPingsWhoseAnswersNobodyReads() {
        wire.heard.leaves = false;
        assertThat(timesUntilBroken(20_000, _ -> wire.send(Frames.PING, 0, 0, new byte[8])))
                .isEqualTo(1001);
    }

    /** Answers to requests are no acknowledgements, and are many before they are too many. */
    @Test
    void containsRequestsWhoseAnswersNobodyReads() {
        byte[] head = Pair.bytes("HTTP/1.1 204 ||");
        wire.heard.leaves = false;
        int times = timesUntilBroken(20_000, i -> {
            wire.get(2 * i + 1);
            wire.session.head(2 * i + 1, head, 0, head.length, true);
        });
        assertThat(times)
                .as("the 10,001st answer is one too many, as the next read tells")
                .isEqualTo(10_002);
    }

    /** However much of it comes at once: no more are let through than may be open, and the rest soon ends it all. */
    @Test
    void containsRequestsThatComeInOneRead() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] block = Wire.block(":method=GET", ":scheme=http", ":path=/", ":authority=a");
        for (int i = 0; i < 5_000; i++) {
            all.writeBytes(Wire.frame(Frames.HEADERS, Frames.END_HEADERS | Frames.END_STREAM, 2 * i + 1, block));
        }
        wire.raw(all.toByteArray());
        assertThat(wire.open).isFalse();
        assertThat(wire.heard.heard().stream().filter(each -> each.contains(" head")))
                .hasSizeLessThanOrEqualTo(wire.options().streamsMax());
    }

    @Test
    void containsSettingsWhoseAnswersNobodyReads() {
        wire.heard.leaves = false;
        assertThat(timesUntilBroken(20_000, _ -> wire.send(Frames.SETTINGS, 0, 0, Wire.NONE)))
                .isEqualTo(1001);
    }

    @Test
    void containsUnknownFrames() {
        assertThat(timesUntilBroken(20_000, _ -> wire.send(99, 0, 0, new byte[1])))
                .isLessThanOrEqualTo(10_000);
    }

    @Test
    void containsPriorities() {
        assertThat(timesUntilBroken(1000, _ -> wire.send(Frames.PRIORITY, 0, 1, new byte[5])))
                .isEqualTo(101);
    }

    @Test
    void containsPriorityUpdates() {
        assertThat(timesUntilBroken(1000, _ -> wire.send(Frames.PRIORITY_UPDATE, 0, 0, new byte[5])))
                .isEqualTo(101);
    }

    @Test
    void containsWindowUpdates() {
        assertThat(timesUntilBroken(1000, _ -> wire.send(Frames.WINDOW_UPDATE, 0, 0, Wire.number(1))))
                .isEqualTo(6);
    }

    @Test
    void letsADownloadSendTwentyWindowUpdatesForEachFrame() {
        wire.get(1);
        byte[] head = Pair.bytes("HTTP/1.1 200 ||");
        wire.session.head(1, head, 0, head.length, false);
        wire.session.data(1, new byte[1024], 0, 1024, false);
        assertThat(timesUntilBroken(1000, _ -> wire.send(Frames.WINDOW_UPDATE, 0, 1, Wire.number(1))))
                .isEqualTo(5 + 2 * (1 + 10) + 1);
    }

    @Test
    void countsABombByWhatItUnfoldsTo() {
        byte[] value = Wire.block("a=" + "x".repeat(4000));
        byte[] bomb = new byte[value.length + 10_000];
        System.arraycopy(value, 0, bomb, 0, value.length);
        bomb[0] = 0x40;
        Arrays.fill(bomb, value.length, bomb.length, (byte) 0xbe);
        byte[] pseudo = Wire.block(":method=GET", ":scheme=http", ":path=/");
        byte[] block = new byte[pseudo.length + bomb.length];
        System.arraycopy(pseudo, 0, block, 0, pseudo.length);
        System.arraycopy(bomb, 0, block, pseudo.length, bomb.length);
        wire.send(Frames.HEADERS, Frames.END_HEADERS | Frames.END_STREAM, 1, block);
        assertThat(wire.heard.heard()).containsExactly("1 head too large end");
        assertThat(wire.open).isTrue();
    }
}
