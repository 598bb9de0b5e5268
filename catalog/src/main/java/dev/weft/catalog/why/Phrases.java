package dev.weft.catalog.why;

import dev.weft.model.outcome.Attempt;
import dev.weft.model.outcome.Ended;
import dev.weft.model.outcome.Peer;
import dev.weft.model.workload.Workload;
import dev.weft.model.workload.WorkloadIdentity;
import java.util.List;
import java.util.Locale;

/** The phrases in which requests and connections are told. */
final class Phrases {

    private Phrases() {}

    static void line(StringBuilder text, String name, String value) {
        if (!value.isEmpty()) {
            text.append(String.format(Locale.ROOT, "   %-10s  %s%n", name, value));
        }
    }

    static void attempts(StringBuilder text, List<Attempt> attempts) {
        for (int i = 0; i < attempts.size(); i++) {
            Attempt attempt = attempts.get(i);
            long since = attempt.startNanos() - attempts.getFirst().startNanos();
            line(text, "attempt " + (i + 1), attempt(attempt) + (i == 0 ? "" : ", begun at +" + millis(since)));
        }
    }

    private static String attempt(Attempt attempt) {
        String where = attempt.endpoint().workload().map(Phrases::place).orElse("outside the mesh") + " at "
                + attempt.endpoint().address() + ":" + attempt.endpoint().port() + " of " + attempt.servicePort();
        String connected = attempt.connectNanos() > 0 ? ", connected in " + millis(attempt.connectNanos()) : "";
        String end = attempt.error()
                .map(error -> error.code() + " after " + millis(attempt.endNanos()))
                .orElseGet(() -> attempt.status() == 0
                        ? "ended after " + millis(attempt.endNanos())
                        : attempt.status() + " after " + millis(attempt.firstByteNanos()));
        return where + ": " + end + connected;
    }

    static String peer(Peer peer) {
        String identity = peer.identity().map(WorkloadIdentity::uri).orElse("no certificate");
        String tls = peer.secured() ? peer.tlsVersion() + " " + peer.cipher() + " " + peer.keyExchange() : "clear text";
        return peer.address() + ", " + identity + ", " + tls;
    }

    /** Who it came from, as an inbound proxy knows it. */
    static String from(Peer client) {
        return client.identity().map(WorkloadIdentity::uri).orElse(client.address());
    }

    static String place(Workload workload) {
        return workload.namespace() + "/" + workload.name();
    }

    static String word(Ended ended) {
        return ended.hop().name().toLowerCase(Locale.ROOT);
    }

    static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
    }
}
