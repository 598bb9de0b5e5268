package dev.weft.catalog.why;

import dev.weft.model.outcome.Attempt;
import dev.weft.model.outcome.Ended;
import dev.weft.model.outcome.Peer;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.workload.Instance;
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

    static void attempts(StringBuilder text, List<Attempt> attempts, Snapshot snapshot) {
        for (int i = 0; i < attempts.size(); i++) {
            Attempt attempt = attempts.get(i);
            long since = attempt.startNanos() - attempts.getFirst().startNanos();
            line(
                    text,
                    "attempt " + (i + 1),
                    attempt(attempt, snapshot) + (i == 0 ? "" : ", begun at +" + millis(since)));
        }
    }

    private static String attempt(Attempt attempt, Snapshot snapshot) {
        String where = attempt.endpoint().workload().map(Phrases::place).orElse("outside the mesh") + " at "
                + address(attempt.endpoint(), snapshot) + " of " + attempt.servicePort();
        String connected = attempt.connectNanos() > 0 ? ", connected in " + millis(attempt.connectNanos()) : "";
        String end = attempt.error()
                .map(error -> error.code() + " after " + millis(attempt.endNanos()))
                .orElseGet(() -> attempt.status() == 0
                        ? "ended after " + millis(attempt.endNanos())
                        : attempt.status() + " after " + millis(attempt.firstByteNanos()));
        return where + ": " + end + connected;
    }

    /** As the pod knows it; where its proxy listens for it says nothing to anybody. */
    private static String address(Endpoint endpoint, Snapshot snapshot) {
        for (Instance instance : snapshot.instances()) {
            for (Instance.Port port : instance.ports()) {
                boolean own = !instance.podAddress().equals(instance.address());
                if (own && instance.address().equals(endpoint.address()) && port.inboundPort() == endpoint.port()) {
                    return instance.podAddress() + ":" + port.containerPort();
                }
            }
        }
        return endpoint.address() + ":" + endpoint.port();
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
