package dev.weft.proxy.exchange;

import dev.weft.http.h2.ErrorType;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.policy.Timeouts;
import java.time.Duration;

/** What it means for a request that one of its limits ran out. */
final class Expiry {

    private Expiry() {}

    static void of(Deadlines.Limit limit, Exchange exchange) {
        Timeouts timeouts = exchange.sending().deadlines().timeouts();
        switch (limit) {
            case REQUEST -> whole(exchange, timeouts.request());
            case CALLER -> callerLate(exchange);
            case RESPONSE ->
                exchange.giveUp(
                        ErrorCode.ENDPOINT_TIMEOUT,
                        "The answer was not whole " + millis(timeouts.response()) + " after the request was.");
            case IDLE -> exchange.giveUp(ErrorCode.IDLE_TIMEOUT, "No byte went for " + millis(timeouts.idle()) + ".");
            case BODY ->
                exchange.giveUp(ErrorCode.REQUEST_TIMEOUT, "The body came too slowly, or stopped before its end.");
            case PER_TRY -> late(exchange, ErrorCode.TRY_TIMEOUT, millis(timeouts.perTry()) + ".");
            case HEADER ->
                late(exchange, ErrorCode.HEADER_TIMEOUT, millis(timeouts.header()) + " after it had the request.");
            case BACK_OFF -> throw new IllegalStateException("a pause is no failure");
        }
    }

    /** A call is reset, as gRPC's servers do it: its client knows the deadline, and says itself that it has passed. */
    static void callerLate(Exchange exchange) {
        String detail = "The caller's deadline passed before the answer was whole.";
        if (exchange.isCall()) {
            EarlyEnd.reset(exchange, ErrorCode.DEADLINE_EXCEEDED, detail, ErrorType.CANCEL);
        } else {
            exchange.giveUp(ErrorCode.DEADLINE_EXCEEDED, detail);
        }
    }

    private static void whole(Exchange exchange, Duration limit) {
        if (exchange.sending().admission().waits()) {
            exchange.giveUp(ErrorCode.LIMIT_REACHED, "No connection within the limits became free in time.");
        } else if (exchange.sending().waits()) {
            exchange.giveUp(
                    ErrorCode.CAPACITY_TIMEOUT,
                    "No instance of " + exchange.record().serviceName() + " could take the request in time.");
        } else {
            exchange.giveUp(ErrorCode.RESPONSE_TIMEOUT, "The answer did not arrive within " + millis(limit) + ".");
        }
    }

    /** Only this try is late: another may do better. */
    private static void late(Exchange exchange, ErrorCode error, String within) {
        Try running = exchange.sending().current();
        if (running != null) {
            String detail = "Endpoint " + running.endpoint() + " did not begin to answer within " + within;
            exchange.sending()
                    .failed(
                            running,
                            error,
                            detail,
                            running.sent(),
                            exchange.answering().heard());
        }
    }

    private static String millis(Duration limit) {
        return limit.toMillis() + " ms";
    }
}
