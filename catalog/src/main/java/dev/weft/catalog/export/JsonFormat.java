package dev.weft.catalog.export;

import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.Trace;
import dev.weft.model.workload.WorkloadIdentity;
import java.util.Locale;
import java.util.Set;

/**
 * One object a line. The first names are those of Linkerd's access log; after them come what only this proxy knows. Empty
 * texts are left out.
 */
record JsonFormat() implements LogFormat {

    @Override
    public Set<String> headers() {
        return Set.of("user-agent", "x-forwarded-for");
    }

    @Override
    public void append(StringBuilder line, Outcome outcome) {
        line.append("{\"timestamp\":\"").append(outcome.startedAt()).append('"');
        text(line, "client.addr", outcome.client().address());
        text(
                line,
                "client.id",
                outcome.client().identity().map(WorkloadIdentity::uri).orElse(""));
        text(line, "host", outcome.authority());
        text(line, "method", outcome.method());
        text(line, "uri", outcome.path());
        text(line, "version", outcome.details().protocol());
        text(line, "user_agent", LogText.header(outcome, "user-agent"));
        number(line, "status", outcome.status());
        number(line, "request_bytes", outcome.requestBytes());
        number(line, "response_bytes", outcome.responseBytes());
        number(line, "processing_ns", outcome.firstByteNanos());
        number(line, "total_ns", outcome.totalNanos());
        text(line, "trace_id", outcome.details().trace().map(Trace::traceId).orElse(""));
        text(line, "span_id", outcome.details().trace().map(Trace::spanId).orElse(""));
        text(line, "request_id", outcome.requestId());
        text(line, "forwarded_for", LogText.header(outcome, "x-forwarded-for"));
        text(line, "hop", outcome.hop().name().toLowerCase(Locale.ROOT));
        text(
                line,
                "reporter",
                outcome.reporter().namespace() + "/" + outcome.reporter().name());
        text(line, "frontend", outcome.frontend());
        text(line, "rule", outcome.rule());
        text(line, "service", outcome.service().map(Object::toString).orElse(""));
        text(line, "upstream", LogText.upstream(outcome.attempts()));
        text(
                line,
                "server.id",
                outcome.server()
                        .flatMap(server -> server.identity())
                        .map(WorkloadIdentity::uri)
                        .orElse(""));
        number(line, "attempts", outcome.attempts().size());
        if (outcome.waitedNanos() > 0) {
            number(line, "waited_ns", outcome.waitedNanos());
        }
        text(line, "error", outcome.error().map(ErrorCode::code).orElse(""));
        outcome.details().headers().forEach((name, value) -> {
            if (!headers().contains(name)) {
                text(line, "header." + name, value);
            }
        });
        line.append('}');
    }

    @Override
    public void append(StringBuilder line, ConnectionOutcome outcome) {
        ConnectionOutcome.Ends ends = outcome.ends();
        line.append("{\"timestamp\":\"").append(outcome.startedAt()).append('"');
        text(line, "client.addr", ends.client().address());
        text(
                line,
                "client.id",
                ends.client().identity().map(WorkloadIdentity::uri).orElse(""));
        text(line, "host", outcome.serverName());
        text(line, "version", outcome.verdict().protocol().name());
        text(line, "protocol_reason", outcome.verdict().reason().word());
        number(line, "request_bytes", outcome.clientBytes());
        number(line, "response_bytes", outcome.serverBytes());
        number(line, "processing_ns", outcome.connectNanos());
        number(line, "total_ns", outcome.totalNanos());
        text(line, "trace_id", outcome.trace().map(Trace::traceId).orElse(""));
        text(line, "span_id", outcome.trace().map(Trace::spanId).orElse(""));
        text(line, "request_id", outcome.id());
        text(line, "hop", outcome.hop().name().toLowerCase(Locale.ROOT));
        text(
                line,
                "reporter",
                outcome.reporter().namespace() + "/" + outcome.reporter().name());
        text(line, "service", ends.service().map(Object::toString).orElse(""));
        text(line, "upstream", LogText.upstream(outcome.attempts()));
        text(
                line,
                "server.id",
                ends.server()
                        .flatMap(server -> server.identity())
                        .map(WorkloadIdentity::uri)
                        .orElse(""));
        number(line, "attempts", outcome.attempts().size());
        if (outcome.waitedNanos() > 0) {
            number(line, "waited_ns", outcome.waitedNanos());
        }
        text(line, "ended_by", outcome.endedBy().name().toLowerCase(Locale.ROOT));
        text(line, "error", outcome.error().map(ErrorCode::code).orElse(""));
        text(line, "detail", outcome.detail());
        line.append('}');
    }

    private static void number(StringBuilder line, String name, long value) {
        line.append(",\"").append(name).append("\":").append(value);
    }

    private static void text(StringBuilder line, String name, String value) {
        if (value.isEmpty()) {
            return;
        }
        line.append(",\"").append(name).append("\":\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else if (Character.isISOControl(c)) {
                line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                line.append(c);
            }
        }
        line.append('"');
    }
}
