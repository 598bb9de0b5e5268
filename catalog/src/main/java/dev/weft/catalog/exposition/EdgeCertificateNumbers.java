package dev.weft.catalog.exposition;

import dev.weft.catalog.metrics.Series;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.ServerCertificate;
import dev.weft.model.traffic.Snapshot;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * When the certificates end that the edge shows, by host; of the hosts that are not told apart, the first end. Each is read
 * once; owner: whoever holds its monitor.
 */
final class EdgeCertificateNumbers {

    private static final String NAME = "edge_cert_expiration_timestamp_seconds";

    private final Told<String> told = new Told<>("host", Told.SERIES_MAX);
    private Map<String, Optional<Instant>> known = Map.of();

    /** Which hosts are told apart. */
    Told<String> told() {
        return told;
    }

    synchronized void write(Exposition out, Snapshot snapshot) {
        Map<String, Optional<Instant>> next = new HashMap<>();
        Map<String, Instant> byHost = new TreeMap<>();
        for (EdgeListener listener : snapshot.edge()) {
            for (ServerCertificate certificate : listener.certificates()) {
                if (certificate.forChallenge()) {
                    continue;
                }
                String chain = certificate.chainPem();
                Optional<Instant> before = known.get(chain);
                Optional<Instant> end = before == null ? end(chain) : before;
                next.put(chain, end);
                end.ifPresent(instant -> byHost.merge(certificate.host(), instant, EdgeCertificateNumbers::first));
            }
        }
        known = next;
        out.metric(NAME, "gauge", "When the certificate ends that the edge shows for the host.");
        Set<String> apart = told.of(byHost.keySet());
        Map<String, Instant> rows = new LinkedHashMap<>();
        byHost.forEach((host, end) ->
                rows.merge(apart.contains(host) ? host : Series.OTHER, end, EdgeCertificateNumbers::first));
        rows.forEach((host, end) -> out.sample(NAME, Map.of("host", host), end.getEpochSecond()));
    }

    private static Instant first(Instant one, Instant another) {
        return one.isBefore(another) ? one : another;
    }

    /** Empty for a host that lets nobody in, and for what no proxy could show either. */
    private static Optional<Instant> end(String chainPem) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(chainPem.getBytes(StandardCharsets.UTF_8)))
                    .stream()
                    .findFirst()
                    .map(leaf -> ((X509Certificate) leaf).getNotAfter().toInstant());
        } catch (CertificateException _) {
            return Optional.empty();
        }
    }
}
