package dev.weft.proxy.exchange;

import dev.weft.http.h2.ErrorType;
import dev.weft.http.transport.Closure;
import dev.weft.model.outcome.ErrorCode;

/** What it means for a request that its endpoint ends the exchange, perhaps before the answer is whole. */
final class BrokenAnswer {

    private BrokenAnswer() {}

    static void closed(Exchange exchange, Try from, Closure closure) {
        Answering answering = exchange.answering();
        if (answering.endedBy(from, closure)) {
            return;
        }
        if (answering.started()) {
            cutOff(exchange, ErrorCode.UPSTREAM_CLOSED, "The endpoint closed the connection within its answer.");
        } else {
            // half a head is a broken answer, so that the caller's proxy does not take it for none and repeat
            ErrorCode error = answering.heard() ? ErrorCode.UPSTREAM_PROTOCOL : errorOf(closure);
            exchange.sending().failed(from, error, sentence(from, closure), from.sent(), answering.heard());
        }
    }

    /** A client on a stream gets the same code, unless another try may do better. */
    static void reset(Exchange exchange, Try from, ErrorType code) {
        String detail = "Endpoint " + from.endpoint() + " reset the stream with " + code + ".";
        if (code == ErrorType.CANCEL && exchange.sending().deadlines().callerLate(System.nanoTime())) {
            Expiry.callerLate(exchange); // the endpoint knows the deadline too
        } else if (exchange.answering().started()) {
            exchange.answering().countBytes();
            exchange.reset(ErrorCode.UPSTREAM_CLOSED, detail, code);
        } else {
            exchange.sending().reset(from, code, detail);
        }
    }

    static void violated(Exchange exchange, Try from, ErrorType code) {
        String detail = "Endpoint " + from.endpoint() + " broke HTTP/2: " + code + ".";
        if (exchange.answering().started()) {
            cutOff(exchange, ErrorCode.UPSTREAM_PROTOCOL, detail);
        } else {
            boolean heard = exchange.answering().heard();
            exchange.sending().failed(from, ErrorCode.UPSTREAM_PROTOCOL, detail, true, heard);
        }
    }

    static void cutOff(Exchange exchange, ErrorCode error, String detail) {
        exchange.answering().countBytes();
        exchange.giveUp(error, detail);
    }

    private static ErrorCode errorOf(Closure closure) {
        return switch (closure.kind()) {
            case NOT_CONNECTED -> ErrorCode.CONNECT_FAILED;
            case NOT_IN_TIME -> ErrorCode.CONNECT_TIMEOUT;
            case TLS -> ErrorCode.TLS_FAILED;
            case BUG -> ErrorCode.INTERNAL;
            case HERE, PEER -> ErrorCode.UPSTREAM_CLOSED;
        };
    }

    private static String sentence(Try from, Closure closure) {
        return "Endpoint " + from.endpoint() + ": " + closure.detail() + ".";
    }
}
