package dev.weft.apiserver.rest;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Answers {@code pods/NAME/log}. */
final class Logs {

    private static final long LONGEST_AGO_SECONDS = Duration.ofDays(36_500).toSeconds();

    private final PodLogs logs;
    private final InstantSource clock;

    Logs(PodLogs logs, InstantSource clock) {
        this.logs = logs;
        this.clock = clock;
    }

    void log(Exchange exchange, Target target) throws IOException {
        Optional<Integer> tail =
                atLeast(exchange, target, "tailLines", 0).map(lines -> (int) Math.min(lines, Integer.MAX_VALUE));
        PodLogs.Request request = new PodLogs.Request(
                target.namespace(),
                target.name(),
                exchange.query("container"),
                exchange.flag("follow"),
                exchange.flag("previous"),
                tail,
                since(exchange, target),
                exchange.flag("timestamps"),
                atLeast(exchange, target, "limitBytes", 1));
        OutputStream out = exchange.stream("text/plain; charset=utf-8");
        if (!logs.copy(request, out)) {
            String what = request.previous() ? "no previous instance" : "no log";
            throw ApiException.badRequest("there is " + what + " of pod \"" + target.name() + "\""
                    + (request.container().isEmpty() ? "" : ", container \"" + request.container() + "\""));
        }
        out.close();
        exchange.finish();
    }

    private Instant since(Exchange exchange, Target target) {
        Optional<Long> seconds = atLeast(exchange, target, "sinceSeconds", 1);
        String time = exchange.query("sinceTime");
        if (time.isEmpty()) {
            return seconds.map(ago -> clock.instant().minusSeconds(Math.min(ago, LONGEST_AGO_SECONDS)))
                    .orElse(Instant.EPOCH);
        }
        if (seconds.isPresent()) {
            throw ApiException.badRequest("at most one of `sinceTime` or `sinceSeconds` may be specified");
        }
        try {
            return OffsetDateTime.parse(time).toInstant();
        } catch (DateTimeParseException e) {
            throw ApiException.badRequest(
                    "sinceTime: \"" + time + "\" is no time (expected: as in 2026-01-31T12:00:00Z)");
        }
    }

    private static Optional<Long> atLeast(Exchange exchange, Target target, String name, long least) {
        Optional<Long> number = exchange.number(name);
        if (number.filter(it -> it < least).isPresent()) {
            throw ApiException.unprocessable("PodLogOptions \"" + target.name() + "\" is invalid: " + name
                    + ": Invalid value: " + number.get() + ": must be greater than or equal to " + least);
        }
        return number;
    }
}
