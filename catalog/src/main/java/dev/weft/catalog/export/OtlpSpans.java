package dev.weft.catalog.export;

import dev.weft.model.outcome.Attempt;
import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.Details;
import dev.weft.model.outcome.Ended;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.Peer;
import dev.weft.model.outcome.Trace;
import dev.weft.model.workload.Workload;
import dev.weft.model.workload.WorkloadIdentity;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Outcomes as an OTLP {@code ExportTraceServiceRequest} (opentelemetry-proto 1.x, trace.proto): a resource for each
 * workload, a span for each hop, an event for each attempt; attributes by OpenTelemetry's names where it has some. Pure.
 */
final class OtlpSpans {

    private static final int SERVER = 2;
    private static final int CLIENT = 3;
    private static final int ERROR = 2;
    private static final int SAMPLED = 1;

    private OtlpSpans() {}

    static Optional<Trace> trace(Ended ended) {
        return switch (ended) {
            case Outcome request -> request.details().trace();
            case ConnectionOutcome connection -> connection.trace();
        };
    }

    /** The message's bytes; what has no trace is left out. */
    static byte[] request(List<Ended> all, String version) {
        Map<Workload, Protobuf> scopes = new LinkedHashMap<>();
        for (Ended ended : all) {
            trace(ended)
                    .ifPresent(trace -> scopes.computeIfAbsent(ended.reporter(), any -> scope(version))
                            .message(
                                    2,
                                    switch (ended) {
                                        case Outcome request -> span(request, trace);
                                        case ConnectionOutcome connection -> span(connection, trace);
                                    }));
        }
        Protobuf request = new Protobuf();
        scopes.forEach((workload, scope) ->
                request.message(1, new Protobuf().message(1, resource(workload)).message(2, scope)));
        return request.toBytes();
    }

    private static Protobuf scope(String version) {
        return new Protobuf().message(1, new Protobuf().text(1, "weft").text(2, version));
    }

    private static Protobuf resource(Workload workload) {
        Protobuf resource = new Protobuf();
        text(resource, 1, "service.name", workload.owner());
        text(resource, 1, "service.namespace", workload.namespace());
        text(resource, 1, "k8s.pod.name", workload.name());
        return resource;
    }

    private static Protobuf span(Ended ended, Trace trace, String name, long nanos) {
        long start = nanos(ended.startedAt());
        Protobuf span = new Protobuf()
                .bytes(1, ids(trace.high(), trace.low()))
                .bytes(2, ids(trace.span()))
                .fixed32(16, SAMPLED)
                .text(5, name)
                .varint(6, ended.hop() == Hop.OUTBOUND ? CLIENT : SERVER)
                .fixed64(7, start)
                .fixed64(8, start + nanos);
        if (!trace.state().isEmpty()) {
            span.text(3, trace.state());
        }
        if (trace.parent() != 0) {
            span.bytes(4, ids(trace.parent()));
        }
        return span;
    }

    private static Protobuf span(Outcome outcome, Trace trace) {
        boolean routed = outcome.hop() != Hop.INBOUND; // there the rule is what let it pass
        String name = routed ? (outcome.method() + " " + outcome.rule()).strip() : outcome.method();
        Protobuf span = span(outcome, trace, name, outcome.totalNanos());
        http(span, outcome);
        mesh(span, outcome);
        events(span, outcome, outcome.waitedNanos(), outcome.attempts());
        if (!outcome.success() || outcome.error().isPresent()) {
            failed(span, outcome);
        }
        return span;
    }

    private static Protobuf span(ConnectionOutcome outcome, Trace trace) {
        ConnectionOutcome.Ends ends = outcome.ends();
        String to = ends.service().map(Object::toString).orElse(outcome.serverName());
        Protobuf span = span(outcome, trace, ("TCP " + to).strip(), outcome.totalNanos());
        text(span, 9, "network.transport", "tcp");
        text(span, 9, "network.protocol.name", outcome.verdict().protocol().word());
        text(span, 9, "client.address", ends.client().address());
        text(span, 9, "server.address", outcome.serverName());
        outcome.error().ifPresent(error -> text(span, 9, "error.type", error.code()));
        number(span, 9, "weft.client.bytes", outcome.clientBytes());
        number(span, 9, "weft.server.bytes", outcome.serverBytes());
        number(span, 9, "weft.connect_us", outcome.connectNanos() / 1_000);
        text(span, 9, "weft.ended_by", outcome.endedBy().name().toLowerCase(Locale.ROOT));
        text(span, 9, "weft.hop", outcome.hop().name().toLowerCase(Locale.ROOT));
        text(span, 9, "weft.request.id", outcome.id());
        text(span, 9, "weft.listener", ends.listener());
        ends.service().ifPresent(service -> text(span, 9, "weft.service", service.toString()));
        identity(span, "weft.client.identity", ends.client());
        ends.server().ifPresent(server -> identity(span, "weft.server.identity", server));
        number(span, 9, "weft.snapshot", outcome.snapshotVersion());
        events(span, outcome, outcome.waitedNanos(), outcome.attempts());
        if (outcome.failed()) {
            failed(span, outcome);
        }
        return span;
    }

    private static void failed(Protobuf span, Ended ended) {
        String why = ended.error().map(ErrorCode::cause).orElse("");
        span.message(15, new Protobuf().text(2, why).varint(3, ERROR));
    }

    private static void http(Protobuf span, Outcome outcome) {
        Details details = outcome.details();
        text(span, 9, "http.request.method", outcome.method());
        text(span, 9, "url.path", outcome.path());
        text(span, 9, "url.scheme", outcome.client().secured() ? "https" : "http");
        text(span, 9, "server.address", outcome.authority());
        text(span, 9, "client.address", outcome.client().address());
        text(span, 9, "network.protocol.version", details.protocol().substring("HTTP/".length()));
        if (outcome.status() > 0) {
            number(span, 9, "http.response.status_code", outcome.status());
        }
        outcome.error().ifPresent(error -> text(span, 9, "error.type", error.code()));
        number(span, 9, "http.request.size", outcome.requestBytes());
        number(span, 9, "http.response.size", outcome.responseBytes());
    }

    private static void mesh(Protobuf span, Outcome outcome) {
        text(span, 9, "weft.hop", outcome.hop().name().toLowerCase(Locale.ROOT));
        text(span, 9, "weft.request.id", outcome.requestId());
        text(span, 9, "weft.listener", outcome.listener());
        text(span, 9, "weft.frontend", outcome.frontend());
        text(span, 9, "weft.rule", outcome.rule());
        outcome.service().ifPresent(service -> text(span, 9, "weft.service", service.toString()));
        identity(span, "weft.client.identity", outcome.client());
        outcome.server().ifPresent(server -> identity(span, "weft.server.identity", server));
        if (outcome.waitedNanos() > 0) {
            number(span, 9, "weft.waited_ms", outcome.waitedNanos() / 1_000_000);
        }
        number(span, 9, "weft.snapshot", outcome.snapshotVersion());
    }

    private static void identity(Protobuf span, String name, Peer peer) {
        text(span, 9, name, peer.identity().map(WorkloadIdentity::uri).orElse(""));
    }

    /** Attempts know how they lie to each other; the first one begins when waiting was over. */
    private static void events(Protobuf span, Ended ended, long waitedNanos, List<Attempt> attempts) {
        long start = nanos(ended.startedAt()) + waitedNanos;
        for (Attempt attempt : attempts) {
            long sinceFirst = attempt.startNanos() - attempts.getFirst().startNanos();
            span.message(11, event(attempt, start + Math.max(0, sinceFirst)));
        }
    }

    private static Protobuf event(Attempt attempt, long at) {
        Protobuf event = new Protobuf().fixed64(1, at).text(2, "attempt");
        text(event, 3, "weft.endpoint", attempt.endpoint().toString());
        text(event, 3, "weft.service", attempt.servicePort().toString());
        if (attempt.status() > 0) {
            number(event, 3, "http.response.status_code", attempt.status());
        }
        attempt.error().ifPresent(error -> text(event, 3, "error.type", error.code()));
        number(event, 3, "weft.connect_us", attempt.connectNanos() / 1_000);
        number(event, 3, "weft.first_byte_us", attempt.firstByteNanos() / 1_000);
        number(event, 3, "weft.end_us", attempt.endNanos() / 1_000);
        return event;
    }

    private static void text(Protobuf to, int field, String key, String value) {
        if (!value.isEmpty()) {
            to.message(field, new Protobuf().text(1, key).message(2, new Protobuf().text(1, value)));
        }
    }

    private static void number(Protobuf to, int field, String key, long value) {
        to.message(field, new Protobuf().text(1, key).message(2, new Protobuf().varint(3, value)));
    }

    private static byte[] ids(long... parts) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * parts.length);
        for (long part : parts) {
            bytes.putLong(part);
        }
        return bytes.array();
    }

    private static long nanos(Instant time) {
        return time.getEpochSecond() * 1_000_000_000 + time.getNano();
    }
}
