package dev.weft.proxy.exchange;

import dev.weft.http.h1.Fields;
import dev.weft.http.h1.Framing;
import dev.weft.http.h1.HeaderName;
import dev.weft.http.h1.RequestHead;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.proxy.message.WebSocketKey;
import java.util.Locale;

/**
 * Whether a request may switch its connections to another protocol (RFC 9110 section 7.8): in the mesh to any, from outside to
 * those that its rule names. What is not understood as a protocol for both programs alone (HTTP/2 in clear text, TLS) is
 * ignored, as the RFC allows: the JDK's client makes such an offer with every first request. Part of one {@link Exchange}.
 */
final class Upgrade {

    private final Exchange exchange;
    private String asked = "";
    private String key = ""; // of a WebSocket on a stream, where HTTP/2 has none

    Upgrade(Exchange exchange) {
        this.exchange = exchange;
    }

    void begin() {
        asked = "";
        key = "";
    }

    /** What the request asks for, and may have; empty for nothing. */
    String asked() {
        return asked;
    }

    /** Looks at the head; false when it was refused. */
    boolean pass() {
        RequestHead head = exchange.head();
        if (!head.asksForUpgrade() || head.minorVersion() == 0 || head.framing() != Framing.NONE) {
            return true;
        }
        boolean stream = exchange.client().multiplexed();
        String protocol = exchange.view().header("upgrade").orElse("");
        String lower = protocol.toLowerCase(Locale.ROOT);
        if (protocol.isEmpty() || lower.contains("h2c") || lower.startsWith("tls/")) {
            return !stream || exchange.refuse(ErrorCode.PROTOCOL_UNSUPPORTED, "No stream can become " + protocol + ".");
        }
        if (exchange.entrance().hop() == Hop.EDGE && !allowed(protocol)) {
            return exchange.refuse(
                    ErrorCode.UPGRADE_REFUSED, "The rule of this request allows no upgrade to " + protocol + ".");
        }
        asked = protocol;
        exchange.toServer().add(HeaderName.CONNECTION, "upgrade");
        exchange.toServer().add(HeaderName.UPGRADE, protocol);
        if (stream && lower.equals("websocket")) {
            key = WebSocketKey.next(exchange.worker().random());
            head.fields().drop(WebSocketKey.KEY);
            exchange.toServer().add(WebSocketKey.KEY, key);
        }
        return true;
    }

    /** Whether the endpoint's answer of 101 is the one to what was asked; takes out what is not for a stream. */
    boolean accepted(Fields answer) {
        if (key.isEmpty()) {
            return true;
        }
        boolean right = answer.value(WebSocketKey.ACCEPT)
                .filter(WebSocketKey.accept(key)::equals)
                .isPresent();
        answer.drop(WebSocketKey.ACCEPT);
        return right;
    }

    private boolean allowed(String protocol) {
        return exchange.routed().stream()
                .flatMap(routed -> routed.route().rule().filters().stream())
                .anyMatch(filter -> filter instanceof RouteFilter.AllowUpgrade allow
                        && allow.protocols().stream()
                                .anyMatch(each -> each.equals("*") || each.equalsIgnoreCase(protocol)));
    }
}
