package dev.weft.catalog.why;

import dev.weft.model.outcome.Attempt;
import dev.weft.model.outcome.Decision;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.Peer;
import dev.weft.model.traffic.AccessPolicy;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.workload.Workload;
import dev.weft.model.workload.WorkloadIdentity;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Tells the decision chain of one request in words. Pure. */
public final class Why {

    private Why() {}

    /**
     * The chain, line by line.
     *
     * @param hops as {@link Recent#find} gives them, at least one
     * @param snapshot the newest one, for what the Outcomes themselves do not say
     */
    public static String text(List<Outcome> hops, Snapshot snapshot) {
        StringBuilder text = new StringBuilder();
        Outcome first = hops.getFirst();
        text.append("Request ").append(first.requestId()).append("  ").append(first.method());
        text.append(' ').append(first.authority()).append(first.path());
        text.append("  at ").append(first.startedAt()).append('\n');
        text.append("  ").append(verdict(hops)).append('\n');
        for (int i = 0; i < hops.size(); i++) {
            text.append('\n').append(i + 1).append(". ");
            hop(text, hops.get(i), snapshot);
        }
        return text.toString();
    }

    /** The hop whose proxy made the answer, or else the deepest that failed. */
    private static Optional<Outcome> culprit(List<Outcome> hops) {
        return hops.reversed().stream()
                .filter(hop -> hop.error().isPresent())
                .findFirst()
                .or(() -> hops.reversed().stream().filter(hop -> !hop.success()).findFirst());
    }

    private static String verdict(List<Outcome> hops) {
        Optional<Outcome> culprit = culprit(hops);
        if (culprit.isEmpty()) {
            Outcome first = hops.getFirst();
            return "answered " + status(first) + " in " + millis(first.totalNanos());
        }
        Outcome hop = culprit.get();
        String where = word(hop) + " at " + place(hop.reporter()) + ", snapshot " + hop.snapshotVersion();
        return hop.error()
                .map(error -> "ended by " + where + ": " + status(hop) + " " + error.code())
                .orElseGet(() -> "answered " + status(hop) + " by the program itself, seen by " + where);
    }

    private static void hop(StringBuilder text, Outcome hop, Snapshot snapshot) {
        text.append(word(hop)).append("  ").append(route(hop)).append("  ").append(status(hop));
        text.append(" in ").append(millis(hop.totalNanos())).append('\n');
        line(text, "caller", peer(hop.client()));
        line(text, "listener", hop.listener());
        line(text, "protocol", protocol(hop));
        hop.details().trace().ifPresent(trace -> line(text, "trace", trace.traceId() + ", span " + trace.spanId()));
        if (hop.hop() != Hop.INBOUND) {
            line(text, "frontend", hop.frontend().isEmpty() ? "none matched" : hop.frontend());
        }
        line(text, "rule", rule(hop));
        if (hop.waitedNanos() > 0) {
            line(text, "waited", millis(hop.waitedNanos()) + " for the service to have an endpoint");
        }
        for (Decision decision : hop.decisions()) {
            if (!toldElsewhere(decision, hop)) {
                line(text, decision.station(), decision.text());
            }
        }
        policy(text, hop, snapshot);
        for (int i = 0; i < hop.attempts().size(); i++) {
            line(text, "attempt " + (i + 1), attempt(hop.attempts().get(i)) + sinceFirst(hop, i));
        }
        if (hop.hop() != Hop.INBOUND) {
            hop.server()
                    .filter(server -> !server.address().isEmpty())
                    .ifPresent(server -> line(text, "server", peer(server)));
        }
        hop.error().ifPresent(error -> {
            line(text, "ended by", endedBy(error, hop));
            line(text, "error", error.code() + ": " + error.cause());
            line(text, "remedy", error.remedy());
        });
        line(text, "snapshot", Long.toString(hop.snapshotVersion()));
    }

    /** What the connection spoke, and how that was known. */
    private static String protocol(Outcome hop) {
        String protocol = hop.details().protocol();
        return protocol + (protocol.equals("HTTP/2") ? ", by its preface" : ", by its request line");
    }

    private static String endedBy(ErrorCode error, Outcome hop) {
        return switch (error) {
            case CLIENT_CLOSED -> "the client, " + hop.client().address();
            case UPSTREAM_CLOSED, UPSTREAM_PROTOCOL, CONNECT_FAILED, TLS_FAILED, REFUSED_STREAM ->
                hop.attempts().isEmpty()
                        ? "the endpoint"
                        : "the endpoint, " + hop.attempts().getLast().endpoint();
            default -> "the proxy of " + place(hop.reporter());
        };
    }

    /** Tries and waiting have lines of their own; an answer may repeat what was decided. */
    private static boolean toldElsewhere(Decision decision, Outcome hop) {
        return (decision.station().equals("try") && !hop.attempts().isEmpty())
                || (decision.station().equals("capacity") && hop.waitedNanos() > 0)
                || (decision.station().equals("answer") && repeats(decision, hop.decisions()));
    }

    /** The answer's sentence is often the very decision that led to it. */
    private static boolean repeats(Decision answer, List<Decision> decisions) {
        return decisions.stream()
                .anyMatch(decision -> !decision.equals(answer) && answer.text().endsWith(decision.text()));
    }

    private static String rule(Outcome hop) {
        if (!hop.rule().isEmpty()) {
            return hop.rule();
        }
        return hop.hop() == Hop.INBOUND ? "" : "none matched";
    }

    /** What the called pod's policy says, when the proxy did not say it in its decisions. */
    private static void policy(StringBuilder text, Outcome hop, Snapshot snapshot) {
        if (hop.error().filter(ErrorCode.ACCESS_DENIED::equals).isEmpty()
                || !hop.decisions().isEmpty()) {
            return;
        }
        AccessPolicy policy = snapshot.access().get(place(hop.reporter()));
        if (policy != null) {
            String changed = snapshot.version() == hop.snapshotVersion()
                    ? ""
                    : " (as of snapshot " + snapshot.version() + "; the request met " + hop.snapshotVersion() + ")";
            line(text, "policy", policy.reason() + changed);
            policy.rules().forEach(rule -> line(text, "", rule.source() + " allows " + rule.clients()));
        }
    }

    private static String route(Outcome hop) {
        String from = hop.hop() == Hop.INBOUND
                ? hop.client()
                        .identity()
                        .map(WorkloadIdentity::uri)
                        .orElse(hop.client().address())
                : place(hop.reporter());
        String to = hop.hop() == Hop.INBOUND
                ? place(hop.reporter())
                : hop.service().map(Object::toString).orElse(hop.authority());
        return from + " → " + to;
    }

    /** When a later try began. */
    private static String sinceFirst(Outcome hop, int index) {
        long first = hop.attempts().getFirst().startNanos();
        return index == 0
                ? ""
                : ", begun at +" + millis(hop.attempts().get(index).startNanos() - first);
    }

    private static String attempt(Attempt attempt) {
        String where = attempt.endpoint().workload().map(Why::place).orElse("outside the mesh") + " at "
                + attempt.endpoint().address() + ":" + attempt.endpoint().port() + " of " + attempt.servicePort();
        String connected = attempt.connectNanos() > 0 ? ", connected in " + millis(attempt.connectNanos()) : "";
        String end = attempt.error()
                .map(error -> error.code() + " after " + millis(attempt.endNanos()))
                .orElseGet(() -> attempt.status() + " after " + millis(attempt.firstByteNanos()));
        return where + ": " + end + connected;
    }

    private static String peer(Peer peer) {
        String identity = peer.identity().map(WorkloadIdentity::uri).orElse("no certificate");
        String tls = peer.secured() ? peer.tlsVersion() + " " + peer.cipher() + " " + peer.keyExchange() : "clear text";
        return peer.address() + ", " + identity + ", " + tls;
    }

    private static String place(Workload workload) {
        return workload.namespace() + "/" + workload.name();
    }

    private static String word(Outcome hop) {
        return hop.hop().name().toLowerCase(Locale.ROOT);
    }

    private static String status(Outcome hop) {
        return hop.status() == 0 ? "no status" : Integer.toString(hop.status());
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
    }

    private static void line(StringBuilder text, String name, String value) {
        if (!value.isEmpty()) {
            text.append(String.format(Locale.ROOT, "   %-10s  %s%n", name, value));
        }
    }
}
