package dev.weft.apiserver.rest;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** Answers {@code pods/NAME/log}. */
final class Logs {

    private final PodLogs logs;

    Logs(PodLogs logs) {
        this.logs = logs;
    }

    void log(Exchange exchange, Target target) throws IOException {
        Optional<Integer> tail =
                exchange.number("tailLines").map(lines -> (int) Math.clamp(lines, 0L, Integer.MAX_VALUE));
        PodLogs.Request request = new PodLogs.Request(
                target.namespace(),
                target.name(),
                exchange.query("container"),
                exchange.flag("follow"),
                exchange.flag("previous"),
                tail);
        OutputStream out = exchange.stream("text/plain; charset=utf-8");
        if (!logs.copy(request, out)) {
            String what = request.previous() ? "no previous instance" : "no log";
            throw ApiException.badRequest("there is " + what + " of pod \"" + target.name() + "\""
                    + (request.container().isEmpty() ? "" : ", container \"" + request.container() + "\""));
        }
        out.close();
        exchange.finish();
    }
}
