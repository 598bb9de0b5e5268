package dev.weft.catalog.why;

import static dev.weft.catalog.why.Phrases.line;
import static dev.weft.catalog.why.Phrases.millis;
import static dev.weft.catalog.why.Phrases.place;

import dev.weft.model.outcome.Decision;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.traffic.AccessPolicy;
import dev.weft.model.traffic.Snapshot;
import java.util.List;

/** One hop of a request, in words. Pure. */
final class RequestWords {

    private RequestWords() {}

    static String title(Outcome first) {
        return "Request " + first.requestId() + "  " + first.method() + " " + first.authority() + first.path() + "  at "
                + first.startedAt();
    }

    /** How it ended, at the hop that knows best. */
    static String verdict(Outcome hop) {
        if (!hop.failed()) {
            return "answered " + status(hop) + " in " + millis(hop.totalNanos());
        }
        String where = Phrases.word(hop) + " at " + place(hop.reporter()) + ", snapshot " + hop.snapshotVersion();
        return hop.error()
                .map(error -> "ended by " + where + ": " + status(hop) + " " + error.code())
                .orElseGet(() -> "answered " + status(hop) + " by the program itself, seen by " + where);
    }

    static void hop(StringBuilder text, Outcome hop, Snapshot snapshot) {
        text.append(Phrases.word(hop))
                .append("  ")
                .append(route(hop))
                .append("  ")
                .append(status(hop));
        text.append(" in ").append(millis(hop.totalNanos())).append('\n');
        line(text, "caller", Phrases.peer(hop.client()));
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
        Phrases.attempts(text, hop.attempts());
        if (hop.hop() != Hop.INBOUND) {
            hop.server()
                    .filter(server -> !server.address().isEmpty())
                    .ifPresent(server -> line(text, "server", Phrases.peer(server)));
        }
        hop.error().ifPresent(error -> {
            line(text, "ended by", endedBy(error, hop));
            line(text, "error", error.code() + ": " + error.cause());
            line(text, "remedy", error.remedy());
        });
        line(text, "snapshot", Long.toString(hop.snapshotVersion()));
    }

    /** What the connection spoke, and how that was known where the proxy was asked for its reasons. */
    private static String protocol(Outcome hop) {
        String how = hop.decisions().stream()
                .filter(decision -> decision.station().equals("protocol"))
                .map(decision -> ", " + decision.text())
                .findFirst()
                .orElse("");
        return hop.details().protocol() + how;
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
        return decision.station().equals("protocol")
                || (decision.station().equals("try") && !hop.attempts().isEmpty())
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
        String from = hop.hop() == Hop.INBOUND ? Phrases.from(hop.client()) : place(hop.reporter());
        String to = hop.hop() == Hop.INBOUND
                ? place(hop.reporter())
                : hop.service().map(Object::toString).orElse(hop.authority());
        return from + " → " + to;
    }

    private static String status(Outcome hop) {
        return hop.status() == 0 ? "no status" : Integer.toString(hop.status());
    }
}
