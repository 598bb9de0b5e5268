package dev.weft.catalog.exposition;

import dev.weft.catalog.metrics.Series;
import dev.weft.model.workload.WorkloadIdentity;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The {@code identity_cert_*} metrics: when each workload's certificate ends, and how often it was renewed, by the change of
 * that moment. Of those that are not told apart, the first end counts. Owner: whoever holds its monitor.
 */
final class CertificateNumbers {

    private record Known(Instant end, long refreshes) {

        Known plus(Known other) {
            return new Known(end.isBefore(other.end) ? end : other.end, refreshes + other.refreshes);
        }
    }

    private final Supplier<Map<WorkloadIdentity, Instant>> ends;
    private final Map<String, Known> known = new TreeMap<>();
    private final Told<String> told = new Told<>("identity", Told.SERIES_MAX);

    CertificateNumbers(Supplier<Map<WorkloadIdentity, Instant>> ends) {
        this.ends = ends;
    }

    /** Looks at all certificates, which may wait for one to be issued. */
    void look() {
        Map<WorkloadIdentity, Instant> now = ends.get();
        synchronized (this) {
            Map<String, Known> next = new TreeMap<>();
            now.forEach((identity, end) -> {
                Known before = known.get(identity.uri());
                long refreshes = before == null ? 1 : before.refreshes + (before.end.equals(end) ? 0 : 1);
                next.put(identity.uri(), new Known(end, refreshes));
            });
            known.clear();
            known.putAll(next);
        }
    }

    /** Which identities are told apart. */
    Told<String> told() {
        return told;
    }

    synchronized void write(Exposition out) {
        Set<String> apart = told.of(known.keySet());
        Map<String, Known> rows = new LinkedHashMap<>();
        known.forEach((uri, one) -> rows.merge(apart.contains(uri) ? uri : Series.OTHER, one, Known::plus));
        String expiration = "identity_cert_expiration_timestamp_seconds";
        out.metric(expiration, "gauge", "When the workload's certificate ends.");
        rows.forEach((uri, one) -> out.sample(expiration, Map.of("identity", uri), one.end.getEpochSecond()));
        out.metric("identity_cert_refresh_count", "counter", "How many certificates the workload has had.");
        rows.forEach((uri, one) -> out.sample("identity_cert_refresh_count", Map.of("identity", uri), one.refreshes));
    }
}
