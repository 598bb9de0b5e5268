package dev.weft.proxy.exchange;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.proxy.message.Grpc;
import dev.weft.proxy.message.OwnAnswer;
import dev.weft.proxy.route.HeadEdits;
import java.util.ArrayList;
import java.util.List;

/** Answers in place of an endpoint; each ends the request. Part of one {@link Exchange}. */
final class OwnAnswers {

    private final Exchange exchange;

    OwnAnswers(Exchange exchange) {
        this.exchange = exchange;
    }

    /** Always false. */
    boolean refuse(ErrorCode error, int status, String detail) {
        return refuse(error, status, detail, status == 503 ? OwnAnswer.BUSY_SECONDS : 0);
    }

    /** Always false. */
    boolean refuse(ErrorCode error, int status, String detail, long retryAfterSeconds) {
        RequestRecord record = exchange.record();
        record.failed(error, detail);
        if (record.requestId().isEmpty()) {
            record.requestId(exchange.newRequestId()); // its head was not read so far
        }
        if (exchange.isCall()) {
            record.grpcStatus(error.grpcStatus());
            return send(200, Grpc.error(error, detail, exchange.worker().date(), record.requestId()));
        }
        return send(
                status,
                OwnAnswer.error(
                        error,
                        status,
                        detail,
                        retryAfterSeconds,
                        exchange.answering().added(),
                        exchange.worker().date(),
                        record.requestId(),
                        !bodiless(),
                        connection()));
    }

    /** Always false. */
    boolean answer(int status, List<HeadEdits.Line> fields, byte[] content) {
        String requestId = exchange.record().requestId();
        List<HeadEdits.Line> all = new ArrayList<>(fields);
        all.addAll(exchange.answering().added());
        String date = exchange.worker().date();
        return send(status, OwnAnswer.of(status, all, content, date, requestId, !bodiless(), connection()));
    }

    private boolean bodiless() {
        return exchange.head().end() > 0 && exchange.head().isHead();
    }

    /** What the answer has to say of the client's connection. */
    private String connection() {
        if (exchange.client().multiplexed()) {
            return "";
        }
        return !exchange.mayBeUsedAgain() ? "close" : exchange.head().minorVersion() == 0 ? "keep-alive" : "";
    }

    private boolean send(int status, OwnAnswer answer) {
        byte[] content = answer.content();
        exchange.record().answered(status, System.nanoTime());
        Client client = exchange.client();
        client.head(answer.head(), 0, answer.head().length, content.length == 0);
        if (content.length > 0) {
            client.write(content, 0, content.length, true);
        }
        exchange.record().answerBytes(answer.head().length + content.length);
        exchange.end(exchange.mayBeUsedAgain());
        return false;
    }
}
