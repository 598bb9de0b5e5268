package dev.weft.proxy.relay;

import dev.weft.model.outcome.ProtocolVerdict;
import dev.weft.model.outcome.ProtocolVerdict.Protocol;
import dev.weft.model.outcome.ProtocolVerdict.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * Tells from a connection's first bytes what it speaks: HTTP/1 by a whole request line, HTTP/2 by its whole preface, TLS by
 * a whole ClientHello; anything else as soon as it can be none of these. A pure function of the bytes so far: asked after
 * each byte or after all of them, it says the same.
 */
public final class Detection {

    /** More than this is never asked for. */
    public static final int BYTES_MAX = 17 * 1024;

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] VERSION = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);
    private static final int METHOD_BYTES_MAX = 32;
    private static final String TOKEN_SYMBOLS = "!#$%&'*+-.^_`|~";
    private static final Set<String> USUAL =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    private static final Optional<Detected> HTTP1 = found(Protocol.HTTP1, Reason.REQUEST_LINE);
    private static final Optional<Detected> HTTP2 = found(Protocol.HTTP2, Reason.PREFACE);
    private static final Optional<Detected> UNKNOWN = found(Protocol.OPAQUE, Reason.UNKNOWN_BYTES);

    private Detection() {}

    /** What it is; empty while more bytes could still tell. */
    public static Optional<Detected> look(byte[] bytes, int length) {
        if (length == 0) {
            return Optional.empty();
        }
        if (ClientHello.begins(bytes, length)) {
            Optional<String> name = ClientHello.serverName(bytes, length);
            return name.isEmpty() && length < BYTES_MAX ? Optional.empty() : Optional.of(tls(name.orElse("")));
        }
        int same = prefix(bytes, 0, length, PREFACE);
        if (same == PREFACE.length) {
            return HTTP2;
        }
        return same == length ? Optional.empty() : requestLine(bytes, length);
    }

    /** How many bytes there must be before {@link #look} can say more than it did with these. */
    public static int wanted(byte[] bytes, int length) {
        boolean hello = length > 0 && ClientHello.begins(bytes, length);
        return hello ? Math.min(BYTES_MAX, ClientHello.wanted(bytes, length)) : length + 1;
    }

    /** What it is taken for when nothing more comes for a while. */
    public static Detected afterPause(byte[] bytes, int length) {
        if (ClientHello.begins(bytes, length) && length >= ClientHello.SURE_BYTES) {
            return tls("");
        }
        boolean asks = USUAL.contains(method(bytes, length));
        return new Detected(new ProtocolVerdict(asks ? Protocol.HTTP1 : Protocol.OPAQUE, Reason.PAUSE), "");
    }

    private static Optional<Detected> requestLine(byte[] bytes, int length) {
        int at = afterEmptyLines(bytes, length);
        int method = at;
        while (at < length && at - method < METHOD_BYTES_MAX && isToken(bytes[at])) {
            at++;
        }
        if (at == length) {
            return length < BYTES_MAX ? Optional.empty() : UNKNOWN;
        }
        if (at == method || bytes[at] != ' ') {
            return UNKNOWN;
        }
        int target = ++at;
        while (at < length && bytes[at] != ' ' && isVisible(bytes[at])) {
            at++;
        }
        if (at == length) {
            return length < BYTES_MAX ? Optional.empty() : HTTP1; // its head is refused as too large, and named
        }
        if (at == target || bytes[at] != ' ') {
            return UNKNOWN;
        }
        int same = prefix(bytes, at + 1, length, VERSION);
        if (same == VERSION.length) {
            return HTTP1;
        }
        return at + 1 + same == length ? Optional.empty() : UNKNOWN;
    }

    /** As many of them as there are: a request behind them must not be taken for something else. */
    private static int afterEmptyLines(byte[] bytes, int length) {
        int at = 0;
        while (at < length && (bytes[at] == '\r' || bytes[at] == '\n')) {
            at++;
        }
        return at;
    }

    /** The method, when the bytes have one and a space after it. */
    private static String method(byte[] bytes, int length) {
        int from = afterEmptyLines(bytes, length);
        for (int i = from; i < Math.min(length, from + METHOD_BYTES_MAX); i++) {
            if (bytes[i] == ' ') {
                return new String(bytes, from, i - from, StandardCharsets.ISO_8859_1);
            }
        }
        return "";
    }

    private static int prefix(byte[] bytes, int from, int length, byte[] expected) {
        int same = 0;
        while (same < expected.length && from + same < length && bytes[from + same] == expected[same]) {
            same++;
        }
        return same;
    }

    private static boolean isToken(byte b) {
        return (b >= 'A' && b <= 'Z')
                || (b >= 'a' && b <= 'z')
                || (b >= '0' && b <= '9')
                || TOKEN_SYMBOLS.indexOf(b) >= 0;
    }

    private static boolean isVisible(byte b) {
        return (b > ' ' && b != 0x7f) || b < 0;
    }

    private static Detected tls(String serverName) {
        return new Detected(new ProtocolVerdict(Protocol.TLS, Reason.CLIENT_HELLO), serverName);
    }

    private static Optional<Detected> found(Protocol protocol, Reason reason) {
        return Optional.of(new Detected(new ProtocolVerdict(protocol, reason), ""));
    }
}
