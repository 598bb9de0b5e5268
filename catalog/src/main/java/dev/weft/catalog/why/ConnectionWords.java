package dev.weft.catalog.why;

import static dev.weft.catalog.why.Phrases.line;
import static dev.weft.catalog.why.Phrases.millis;
import static dev.weft.catalog.why.Phrases.place;

import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.Decision;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Peer;
import dev.weft.model.outcome.ProtocolVerdict;

/** One hop of a connection that was passed on as bytes, in words. Pure. */
final class ConnectionWords {

    private ConnectionWords() {}

    static String title(ConnectionOutcome hop) {
        return "Connection " + hop.id() + "  " + hop.verdict().protocol().word() + " to " + to(hop) + "  at "
                + hop.startedAt();
    }

    /** How it ended, at the hop that knows best. */
    static String verdict(ConnectionOutcome hop) {
        String where = Phrases.word(hop) + " at " + place(hop.reporter()) + ", snapshot " + hop.snapshotVersion();
        return hop.error()
                .map(error -> "ended by " + who(hop) + ", " + where + ": " + error.code())
                .orElseGet(() ->
                        "ended by " + who(hop) + " when both sides had said all, after " + millis(hop.totalNanos()));
    }

    static void hop(StringBuilder text, ConnectionOutcome hop) {
        text.append(Phrases.word(hop))
                .append("  ")
                .append(from(hop))
                .append(" → ")
                .append(to(hop));
        text.append(hop.established() ? "  open for " : "  refused after ");
        text.append(millis(hop.totalNanos())).append('\n');
        line(text, "caller", Phrases.peer(hop.ends().client()));
        line(text, "listener", hop.ends().listener());
        line(text, "protocol", protocol(hop.verdict()));
        line(text, "name", hop.serverName());
        hop.trace().ifPresent(trace -> line(text, "trace", trace.traceId() + ", span " + trace.spanId()));
        if (hop.waitedNanos() > 0) {
            line(text, "waited", millis(hop.waitedNanos()) + " for the service to have an endpoint");
        }
        for (Decision decision : hop.decisions()) {
            boolean told = (decision.station().equals("try") && !hop.attempts().isEmpty())
                    || (decision.station().equals("capacity") && hop.waitedNanos() > 0);
            if (!told) {
                line(text, decision.station(), decision.text());
            }
        }
        Phrases.attempts(text, hop.attempts());
        hop.ends().server().map(Phrases::peer).ifPresent(server -> line(text, "server", server));
        if (hop.established()) {
            line(text, "open", "after " + millis(hop.connectNanos()));
            line(text, "bytes", hop.clientBytes() + " from the client, " + hop.serverBytes() + " from the server");
        }
        line(text, "ended by", who(hop));
        hop.error().ifPresent(error -> {
            line(text, "error", error.code() + ": " + error.cause());
            line(text, "remedy", error.remedy());
        });
        line(text, "snapshot", Long.toString(hop.snapshotVersion()));
    }

    private static String who(ConnectionOutcome hop) {
        return switch (hop.endedBy()) {
            case CLIENT -> "the client, " + hop.ends().client().address();
            case SERVER ->
                "the server, " + hop.ends().server().map(Peer::address).orElse("");
            case PROXY -> "the proxy of " + place(hop.reporter());
        };
    }

    private static String protocol(ProtocolVerdict verdict) {
        return verdict.protocol().word() + ", " + verdict.reason().how();
    }

    private static String from(ConnectionOutcome hop) {
        return hop.hop() == Hop.INBOUND ? Phrases.from(hop.ends().client()) : place(hop.reporter());
    }

    private static String to(ConnectionOutcome hop) {
        return hop.hop() == Hop.INBOUND
                ? place(hop.reporter())
                : hop.ends().service().map(Object::toString).orElse("nowhere");
    }
}
