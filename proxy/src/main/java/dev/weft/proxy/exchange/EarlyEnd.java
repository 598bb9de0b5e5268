package dev.weft.proxy.exchange;

import dev.weft.http.h2.ErrorType;
import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Connection;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.proxy.message.Grpc;
import dev.weft.proxy.retry.FailedTry;
import dev.weft.proxy.retry.Failure;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * What ends a request before its answer is whole: its endpoint, its client, a deadline, a tunnel in its place; and what the other
 * side is told.
 */
final class EarlyEnd {

    private EarlyEnd() {}

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
            reset(exchange, ErrorCode.UPSTREAM_CLOSED, detail, code);
        } else {
            resetUnanswered(exchange, from, code, detail);
        }
    }

    private static void resetUnanswered(Exchange exchange, Try from, ErrorType code, String detail) {
        Sending sending = exchange.sending();
        ErrorCode error = ErrorCode.UPSTREAM_CLOSED;
        Failure failure = Failure.of(error, from.sent(), exchange.answering().heard());
        if (sending.leave(from, Optional.of(error), failure) == FailedTry.Verdict.REPEAT) {
            sending.again();
        } else if (exchange.client().multiplexed()) {
            reset(exchange, error, detail, code);
        } else {
            exchange.refuse(error, detail);
        }
    }

    /**
     * The other end's proxy may say that its program gave no answer: the same as if the program had been called from here.
     *
     * @param said its error's code
     */
    static boolean behind(Exchange exchange, Try from, String said) {
        boolean unsent = said.equals(ErrorCode.CONNECT_FAILED.code())
                || said.equals(ErrorCode.CONNECT_TIMEOUT.code())
                || said.equals(ErrorCode.DRAINING.code());
        if (!unsent && !said.equals(ErrorCode.UPSTREAM_CLOSED.code())) {
            return false;
        }
        ErrorCode error = unsent ? ErrorCode.CONNECT_FAILED : ErrorCode.UPSTREAM_CLOSED;
        String detail = "The proxy of " + from.endpoint() + " reports: " + said + ".";
        exchange.sending().failed(from, error, detail, !unsent, false);
        return true;
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

    static void clientGone(Exchange exchange, Closure closure) {
        boolean bug = closure.kind() == Closure.Kind.BUG;
        boolean late = !bug && exchange.sending().deadlines().callerLate(System.nanoTime());
        ErrorCode error = bug ? ErrorCode.INTERNAL : late ? ErrorCode.DEADLINE_EXCEEDED : ErrorCode.CLIENT_CLOSED;
        String left = late ? "the client left at its deadline" : "the client closed the connection";
        exchange.sending().abort(error);
        record(exchange, error, bug ? closure.detail() : left);
        exchange.finish();
    }

    /** By an answer while there is none yet. */
    static void giveUp(Exchange exchange, ErrorCode error, String detail) {
        exchange.sending().abort(error);
        if (!exchange.answering().started()) {
            exchange.refuse(error, detail);
            return;
        }
        exchange.record().failed(error, detail);
        if (exchange.isCall() && exchange.answering().isOpenEnded()) {
            exchange.record().grpcStatus(error.grpcStatus());
            byte[] lines = Grpc.trailers(error, detail); // a call's answer can say why it ends
            exchange.client().trailers(lines, 0, lines.length);
            exchange.end(false);
        } else {
            exchange.cutOff(ErrorType.INTERNAL_ERROR);
        }
    }

    /** On a stream, without an answer of its own. */
    static void reset(Exchange exchange, ErrorCode error, String detail, ErrorType code) {
        exchange.sending().abort(error);
        record(exchange, error, detail);
        exchange.cutOff(code);
    }

    private static void record(Exchange exchange, ErrorCode error, String detail) {
        exchange.record().failed(error, detail);
        if (exchange.isCall()) {
            exchange.record().grpcStatus(error.grpcStatus());
        }
    }

    static void cutOff(Exchange exchange, ErrorCode error, String detail) {
        exchange.answering().countBytes();
        exchange.giveUp(error, detail);
    }

    /** The connection becomes something else once the request's stations are through; always false. */
    static boolean handOver(Exchange exchange, BiConsumer<Connection, byte[]> next) {
        Client from = exchange.client();
        if (from.multiplexed()) {
            return exchange.refuse(ErrorCode.PROTOCOL_UNSUPPORTED, "Tunnels begin on HTTP/1.1 alone.");
        }
        int asked = exchange.epoch();
        exchange.worker().loop().execute(() -> {
            if (asked == exchange.epoch()) {
                Client.Handed handed = from.handOver();
                exchange.release();
                next.accept(handed.connection(), handed.rest());
            }
        });
        return false;
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
