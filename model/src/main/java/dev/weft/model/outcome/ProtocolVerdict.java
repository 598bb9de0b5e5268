package dev.weft.model.outcome;

import java.util.Locale;

/** What a connection speaks, and how that was known. */
public record ProtocolVerdict(Protocol protocol, Reason reason) {

    public enum Protocol {
        HTTP1,
        HTTP2,
        /** TLS between programs, passed on unread. */
        TLS,
        OPAQUE;

        /** As label values are written. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public enum Reason {
        /** The service port's {@code appProtocol}, port name or annotation; or the edge listener's protocol. */
        DECLARED,
        /** Both sides agreed on it in their handshake (ALPN). */
        NEGOTIATED,
        /** The client asked for a tunnel, or an upgrade was agreed upon. */
        ASKED,
        /** The first bytes are a request line. */
        REQUEST_LINE,
        /** The first bytes are HTTP/2's connection preface. */
        PREFACE,
        /** The first bytes are a TLS handshake. */
        CLIENT_HELLO,
        /** The first bytes are the beginning of nothing known. */
        UNKNOWN_BYTES,
        /** The client was silent, and the server spoke. */
        SERVER_FIRST,
        /** The client stopped within what could have become something known. */
        PAUSE,
        /** The client took too long for what could have become something known, without a pause. */
        LATE;

        /** As label values are written. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Completes a sentence that says what it is. */
        public String how() {
            return switch (this) {
                case DECLARED -> "as it is declared";
                case NEGOTIATED -> "as both sides agreed in their handshake";
                case ASKED -> "as the client asked";
                case REQUEST_LINE -> "by its request line";
                case PREFACE -> "by its preface";
                case CLIENT_HELLO -> "by its TLS handshake";
                case UNKNOWN_BYTES -> "by its first bytes, which begin nothing known";
                case SERVER_FIRST -> "because the server spoke first";
                case LATE -> "because the client took longer than two seconds to say it";
                case PAUSE -> "because the client stopped before it could be told";
            };
        }
    }
}
