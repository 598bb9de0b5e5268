package dev.weft.catalog.tap;

import dev.weft.model.outcome.Attempt;
import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.Decision;
import dev.weft.model.outcome.Ended;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.Peer;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.Workload;
import dev.weft.model.workload.WorkloadIdentity;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What ended as JSON, for {@code tap} and {@code why}. Times are milliseconds. */
public final class OutcomeJson {

    private OutcomeJson() {}

    public static ObjectNode of(Ended ended) {
        return switch (ended) {
            case Outcome outcome -> request(outcome);
            case ConnectionOutcome connection -> connection(connection);
        };
    }

    private static ObjectNode request(Outcome outcome) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("requestId", outcome.requestId());
        json.put("hop", outcome.hop().name().toLowerCase(Locale.ROOT));
        json.put("startedAt", outcome.startedAt().toString());
        json.set("reporter", workload(outcome.reporter()));
        json.set("client", peer(outcome.client()));
        outcome.server().ifPresent(server -> json.set("server", peer(server)));
        json.put("listener", outcome.listener());
        json.put("protocol", outcome.details().protocol());
        json.put("frontend", outcome.frontend());
        json.put("rule", outcome.rule());
        outcome.service().map(ServicePort::toString).ifPresent(service -> json.put("service", service));
        json.put("method", outcome.method());
        json.put("authority", outcome.authority());
        json.put("path", outcome.path());
        json.put("status", outcome.status());
        json.put("success", outcome.success());
        outcome.error().map(ErrorCode::code).ifPresent(code -> json.put("error", code));
        outcome.details()
                .trace()
                .ifPresent(trace -> json.put("traceId", trace.traceId()).put("spanId", trace.spanId()));
        json.put("waitedMs", millis(outcome.waitedNanos()));
        json.put("firstByteMs", millis(outcome.firstByteNanos()));
        json.put("totalMs", millis(outcome.totalNanos()));
        json.put("requestBytes", outcome.requestBytes());
        json.put("responseBytes", outcome.responseBytes());
        way(json, outcome.attempts(), outcome.decisions());
        return json.put("snapshotVersion", outcome.snapshotVersion());
    }

    private static ObjectNode connection(ConnectionOutcome outcome) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("requestId", outcome.id());
        json.put("kind", "connection");
        json.put("hop", outcome.hop().name().toLowerCase(Locale.ROOT));
        json.put("startedAt", outcome.startedAt().toString());
        json.set("reporter", workload(outcome.reporter()));
        json.set("client", peer(outcome.ends().client()));
        outcome.ends().server().ifPresent(server -> json.set("server", peer(server)));
        json.put("listener", outcome.ends().listener());
        json.put("protocol", outcome.verdict().protocol().word());
        json.put("protocolReason", outcome.verdict().reason().word());
        json.put("serverName", outcome.serverName());
        outcome.ends().service().map(ServicePort::toString).ifPresent(service -> json.put("service", service));
        json.put("established", outcome.established());
        json.put("endedBy", outcome.endedBy().name().toLowerCase(Locale.ROOT));
        json.put("success", !outcome.failed());
        outcome.error().map(ErrorCode::code).ifPresent(code -> json.put("error", code));
        json.put("detail", outcome.detail());
        outcome.trace().ifPresent(trace -> json.put("traceId", trace.traceId()).put("spanId", trace.spanId()));
        json.put("waitedMs", millis(outcome.waitedNanos()));
        json.put("connectMs", millis(outcome.connectNanos()));
        json.put("totalMs", millis(outcome.totalNanos()));
        json.put("requestBytes", outcome.clientBytes());
        json.put("responseBytes", outcome.serverBytes());
        way(json, outcome.attempts(), outcome.decisions());
        return json.put("snapshotVersion", outcome.snapshotVersion());
    }

    private static void way(ObjectNode json, List<Attempt> attempts, List<Decision> decisions) {
        ArrayNode tries = json.putArray("attempts");
        attempts.forEach(attempt -> tries.add(attempt(attempt)));
        ArrayNode steps = json.putArray("decisions");
        for (Decision decision : decisions) {
            steps.addObject().put("station", decision.station()).put("text", decision.text());
        }
    }

    private static ObjectNode attempt(Attempt attempt) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("service", attempt.servicePort().toString());
        json.put(
                "address",
                attempt.endpoint().address() + ":" + attempt.endpoint().port());
        attempt.endpoint().workload().ifPresent(workload -> json.set("workload", workload(workload)));
        json.put("status", attempt.status());
        attempt.error().map(ErrorCode::code).ifPresent(code -> json.put("error", code));
        json.put("connectMs", millis(attempt.connectNanos()));
        json.put("firstByteMs", millis(attempt.firstByteNanos()));
        return json.put("endMs", millis(attempt.endNanos()));
    }

    private static ObjectNode workload(Workload workload) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("namespace", workload.namespace())
                .put("name", workload.name())
                .put("owner", workload.owner())
                .put("ownerKind", workload.ownerKind())
                .put("identity", workload.identity().uri());
    }

    private static ObjectNode peer(Peer peer) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("address", peer.address())
                .put("identity", peer.identity().map(WorkloadIdentity::uri).orElse(""))
                .put("tls", peer.tlsVersion())
                .put("cipher", peer.cipher())
                .put("keyExchange", peer.keyExchange());
    }

    private static double millis(long nanos) {
        return Math.rint(nanos / 1e3) / 1e3;
    }
}
