package dev.weft.catalog.export;

import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.workload.WorkloadIdentity;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;

/**
 * The combined log format of Apache and nginx. The user is the identity in the client's certificate; paths and referrers
 * come without their queries.
 */
record CombinedFormat() implements LogFormat {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

    @Override
    public Set<String> headers() {
        return Set.of("referer", "user-agent");
    }

    @Override
    public void append(StringBuilder line, Outcome outcome) {
        line.append(LogText.clientAddress(outcome.client())).append(" - ");
        line.append(outcome.client().identity().map(WorkloadIdentity::uri).orElse("-"));
        line.append(" [").append(TIME.format(outcome.startedAt())).append("] \"");
        LogText.escape(line, outcome.method());
        line.append(' ');
        LogText.escape(line, outcome.path());
        line.append(' ').append(outcome.details().protocol()).append("\" ");
        line.append(outcome.status() == 0 ? "499" : Integer.toString(outcome.status()));
        line.append(' ').append(outcome.responseBytes()).append(" \"");
        LogText.escape(line, LogText.withoutQuery(LogText.header(outcome, "referer")));
        line.append("\" \"");
        LogText.escape(line, LogText.header(outcome, "user-agent"));
        line.append('"');
    }

    /** The request line's place has {@code TCP}, where it went, and what it spoke. */
    @Override
    public void append(StringBuilder line, ConnectionOutcome outcome) {
        ConnectionOutcome.Ends ends = outcome.ends();
        line.append(LogText.clientAddress(ends.client())).append(" - ");
        line.append(ends.client().identity().map(WorkloadIdentity::uri).orElse("-"));
        line.append(" [").append(TIME.format(outcome.startedAt())).append("] \"TCP ");
        LogText.escape(line, ends.service().map(Object::toString).orElse(outcome.serverName()));
        line.append(' ').append(outcome.verdict().protocol().name()).append("\" ");
        line.append(LogText.status(outcome)).append(' ').append(outcome.serverBytes());
        line.append(" \"-\" \"-\"");
    }
}
