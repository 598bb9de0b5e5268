package dev.weft.http.h2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Streams, windows, settings and the end of a connection (RFC 9113 sections 5 and 6); h2spec asks for the rest. */
class StreamRulesTest {

    private static final byte[] GET = Pair.bytes("GET / HTTP/1.1|host: a||");
    private static final byte[] OK = Pair.bytes("HTTP/1.1 200 ||");

    private final Wire wire = Wire.toServer();

    @Test
    void allowsNoMoreThanTheStreamsWindow() {
        wire.heard.consumes = false;
        wire.post(1);
        for (int i = 0; i < 4; i++) {
            wire.data(1, "x".repeat(16 * 1024), false);
        }
        assertThat(wire.answers()).isEmpty();
        wire.data(1, "x", false);
        assertThat(wire.answers()).contains("RST_STREAM 1 FLOW_CONTROL_ERROR");
        assertThat(wire.open).isTrue();
    }

    @Test
    void allowsNoMoreThanTheConnectionsWindow() {
        wire.heard.consumes = false;
        for (int stream = 1; stream <= 33 && wire.open; stream += 2) {
            wire.post(stream);
            for (int i = 0; i < 4 && wire.open; i++) {
                wire.data(stream, "x".repeat(16 * 1024), false);
            }
        }
        assertThat(wire.session.problem()).startsWith("FLOW_CONTROL_ERROR");
    }

    @Test
    void opensTheWindowsOnceHalfOfThemWasPassedOn() {
        wire.post(1);
        wire.data(1, "x".repeat(16 * 1024), false);
        assertThat(wire.answers()).isEmpty();
        wire.data(1, "x".repeat(16 * 1024), false);
        assertThat(wire.answers()).containsExactly("WINDOW_UPDATE 1 32768");
        for (int i = 0; i < 29; i++) {
            wire.data(1, "x".repeat(16 * 1024), false);
        }
        assertThat(wire.answers()).doesNotContain("WINDOW_UPDATE 0 524288");
        wire.data(1, "x".repeat(16 * 1024), false);
        assertThat(wire.answers()).contains("WINDOW_UPDATE 0 524288");
    }

    @Test
    void givesBackThePaddingItself() {
        wire.heard.consumes = false;
        wire.post(1);
        byte[] padded = new byte[16 * 1024];
        padded[0] = (byte) 255;
        for (int i = 0; i < 200; i++) {
            wire.send(Frames.DATA, Frames.PADDED, 1, padded);
            wire.session.consumed(1, padded.length - 256);
        }
        assertThat(wire.open).isTrue();
        assertThat(wire.answers()).noneMatch(frame -> frame.startsWith("RST_STREAM"));
    }

    @Test
    void givesBackWhatAResetStreamHeld() {
        wire.heard.consumes = false;
        for (int i = 0; i < 100; i++) {
            wire.post(2 * i + 1);
            wire.data(2 * i + 1, "x".repeat(16 * 1024), false);
            wire.session.reset(2 * i + 1, ErrorType.CANCEL);
            wire.data(2 * i + 1, "x".repeat(16 * 1024), true); // sent before the peer knew
        }
        assertThat(wire.open).isTrue();
        assertThat(wire.heard.heard()).noneMatch(event -> event.contains("reset"));
    }

    @Test
    void holdsThePeerUpWithStreamsThatHaveEndedUntilTheirDataWasPassedOn() {
        wire.heard.consumes = false;
        for (int i = 0; i < 32; i++) {
            wire.post(2 * i + 1);
            wire.data(2 * i + 1, "x".repeat(16 * 1024), false);
            wire.data(2 * i + 1, "x".repeat(16 * 1024), true);
            wire.session.head(2 * i + 1, OK, 0, OK.length, true);
        }
        assertThat(wire.session.openStreams()).isZero();
        assertThat(wire.answers()).noneMatch(frame -> frame.startsWith("WINDOW_UPDATE"));
        for (int i = 0; i < 16; i++) {
            wire.session.consumed(2 * i + 1, 32 * 1024);
        }
        assertThat(wire.answers()).containsExactly("WINDOW_UPDATE 0 524288");
    }

    @Test
    void sharesTheConnectionsWindowAmongStreamsInTurn() {
        wire.send(Frames.SETTINGS, 0, 0, Wire.setting(Frames.INITIAL_WINDOW_SIZE, 1 << 20));
        for (int stream = 1; stream <= 5; stream += 2) {
            wire.get(stream);
            wire.session.head(stream, OK, 0, OK.length, false);
            wire.session.data(stream, new byte[100_000], 0, 100_000, true);
        }
        wire.answers();
        wire.send(Frames.WINDOW_UPDATE, 0, 0, Wire.number(4 * 16_384));
        assertThat(wire.answers()).containsExactly("DATA 1 16384", "DATA 3 16384", "DATA 5 16384", "DATA 1 16384");
        wire.send(Frames.WINDOW_UPDATE, 0, 0, Wire.number(1 << 20));
        assertThat(wire.answers()).contains("DATA 1 1697 end").endsWith("DATA 5 1696 end");
    }

    @Test
    void sendsTrailersAfterWhatWaits() {
        wire.get(1);
        wire.session.head(1, OK, 0, OK.length, false);
        wire.session.data(1, new byte[70_000], 0, 70_000, false);
        Pair.trailers(wire.session, 1, "a: b|");
        assertThat(wire.answers()).doesNotContain("HEADERS 1 end");
        wire.send(Frames.WINDOW_UPDATE, 0, 1, Wire.number(10_000));
        wire.send(Frames.WINDOW_UPDATE, 0, 0, Wire.number(10_000));
        assertThat(wire.answers()).containsExactly("DATA 1 4465", "HEADERS 1 end");
        assertThat(wire.session.openStreams()).isZero();
    }

    @Test
    void takesAwayAWindowBySettingsAndGivesItBack() {
        wire.get(1);
        wire.session.head(1, OK, 0, OK.length, false);
        wire.session.data(1, new byte[60_000], 0, 60_000, false);
        wire.send(Frames.SETTINGS, 0, 0, Wire.setting(Frames.INITIAL_WINDOW_SIZE, 100));
        wire.answers();
        wire.session.data(1, new byte[1], 0, 1, true);
        assertThat(wire.answers()).isEmpty();
        wire.send(Frames.SETTINGS, 0, 0, Wire.setting(Frames.INITIAL_WINDOW_SIZE, 60_001));
        assertThat(wire.answers()).contains("DATA 1 1 end");
    }

    @Test
    void answersAPeerThatHasNotSeenASmallerTable() {
        SessionOptions small = SessionOptions.DEFAULT.windows(1, 65_535);
        Wire early = Wire.toServer(small);
        early.post(1);
        early.data(1, "ab", false);
        assertThat(early.answers()).contains("RST_STREAM 1 FLOW_CONTROL_ERROR");
    }

    @Test
    void refusesMoreStreamsThanItAllows() {
        Wire narrow = Wire.toServer(SessionOptions.DEFAULT.streamsMax(1));
        narrow.get(1);
        narrow.get(3);
        assertThat(narrow.answers()).containsExactly("RST_STREAM 3 REFUSED_STREAM");
        assertThat(narrow.heard.heard()).hasSize(1);
    }

    @Test
    void opensNoMoreStreamsThanThePeerAllows() {
        Wire toClient = Wire.toClient();
        toClient.send(Frames.SETTINGS, 0, 0, Wire.setting(Frames.MAX_CONCURRENT_STREAMS, 1));
        assertThat(toClient.heard.heard()).containsExactly("streams allowed 1");
        assertThat(toClient.session.open(GET, 0, GET.length, true)).isEqualTo(1);
        assertThat(toClient.session.open(GET, 0, GET.length, true)).isEqualTo(Session.BUSY);
        toClient.headers(1, true, ":status=200");
        assertThat(toClient.session.open(GET, 0, GET.length, true)).isEqualTo(3);
    }

    @Test
    void tellsWhichRequestsALeavingServerDidNotLookAt() {
        Wire toClient = Wire.toClient();
        for (int i = 0; i < 3; i++) {
            toClient.session.open(GET, 0, GET.length, true);
        }
        toClient.send(Frames.GOAWAY, 0, 0, new byte[] {0, 0, 0, 1, 0, 0, 0, 0});
        assertThat(toClient.heard.heard())
                .containsExactly("3 reset REFUSED_STREAM", "5 reset REFUSED_STREAM", "go away 1 NO_ERROR");
        assertThat(toClient.session.open(GET, 0, GET.length, true)).isEqualTo(Session.LEAVING);
        toClient.headers(1, true, ":status=200");
        assertThat(toClient.heard.heard()).containsExactly("1 head HTTP/1.1 200 || end");
    }

    @Test
    void passesOnWhyAStreamWasReset() {
        Wire toClient = Wire.toClient();
        toClient.session.open(GET, 0, GET.length, true);
        toClient.send(Frames.RST_STREAM, 0, 1, Wire.number(ErrorType.HTTP_1_1_REQUIRED.code()));
        assertThat(toClient.heard.heard()).containsExactly("1 reset HTTP_1_1_REQUIRED");
    }

    @Test
    void refusesPushedResponses() {
        Wire toClient = Wire.toClient();
        toClient.session.open(GET, 0, GET.length, true);
        toClient.send(Frames.PUSH_PROMISE, Frames.END_HEADERS, 1, new byte[8]);
        assertThat(toClient.session.problem()).startsWith("PROTOCOL_ERROR");
    }

    @Test
    void givesThePeerTimeToAcknowledgeTheSettings() {
        Recorder heard = new Recorder();
        Session session = Session.server(SessionOptions.DEFAULT, heard, heard);
        session.start(5);
        assertThat(session.nextDeadline()).isEqualTo(5 + TimeUnit.SECONDS.toNanos(10));
        assertThat(session.timedOut(session.nextDeadline() - 1)).isTrue();
        assertThat(session.timedOut(session.nextDeadline())).isFalse();
        assertThat(session.problem()).startsWith("SETTINGS_TIMEOUT");
    }

    @Test
    void breaksWhenAPingIsNotAnswered() {
        wire.session.ping(100);
        byte[] ping = wire.heard.take();
        ping[4] = Frames.ACK;
        wire.raw(ping);
        assertThat(wire.session.nextDeadline()).isZero();
        wire.session.ping(100);
        assertThat(wire.session.timedOut(wire.session.nextDeadline())).isFalse();
    }

    @Test
    void passesOverStreamsOpenedAfterTheLastGoAway() {
        wire.get(1);
        wire.session.goAway(1);
        assertThat(wire.answers()).containsExactly("GOAWAY 2147483647 NO_ERROR", "PING");
        wire.get(3);
        assertThat(wire.session.timedOut(wire.session.nextDeadline())).isTrue();
        assertThat(wire.answers()).containsExactly("GOAWAY 3 NO_ERROR");
        wire.heard.heard();
        wire.get(5);
        assertThat(wire.heard.heard()).isEmpty();
        assertThat(wire.answers()).isEmpty();
        wire.session.head(1, OK, 0, OK.length, true);
        assertThat(wire.session.done()).isFalse();
        wire.session.head(3, OK, 0, OK.length, true);
        assertThat(wire.session.done()).isTrue();
    }

    @Test
    void tellsOfHeadsThatAreTooLargeAndKeepsTheTableInStep() {
        Wire strict = Wire.toServer(SessionOptions.DEFAULT.heads(300, 10));
        strict.headers(1, true, ":method=GET", ":scheme=http", ":path=/", "a=" + "x".repeat(300));
        assertThat(strict.heard.heard()).containsExactly("1 head too large end");
        strict.session.head(1, Pair.bytes("HTTP/1.1 431 ||"), 0, 17, true);
        assertThat(strict.answers()).containsExactly("HEADERS 1 end");
        strict.get(3);
        assertThat(strict.heard.heard()).containsExactly("3 head GET / HTTP/1.1|host: a|| end");
    }

    @Test
    void breaksOnAnythingButThePreface() {
        Recorder heard = new Recorder();
        Session session = Session.server(SessionOptions.DEFAULT, heard, heard);
        session.start(1);
        byte[] other = Pair.bytes("GET / HTTP/1.1||");
        assertThat(session.receive(other, 0, other.length, 1)).isFalse();
    }
}
