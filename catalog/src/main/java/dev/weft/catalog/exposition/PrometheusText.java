package dev.weft.catalog.exposition;

import dev.weft.catalog.export.Exports;
import dev.weft.catalog.metrics.BackendTraffic;
import dev.weft.catalog.metrics.Bounds;
import dev.weft.catalog.metrics.Counters;
import dev.weft.catalog.metrics.Sums;
import dev.weft.catalog.metrics.Traffic;
import dev.weft.model.outcome.BalancerState;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.workload.WorkloadIdentity;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * {@code /metrics}: all counters under Linkerd's names and with Linkerd's labels, so that dashboards made for it work.
 * Everything of one series comes from one reading of it, so {@code request_total}, {@code response_total} and the
 * histogram's count always agree. A request is counted when it has ended.
 */
public final class PrometheusText {

    private final Counters<Traffic> traffic;
    private final Counters<BackendTraffic> backends;
    private final CertificateNumbers certificates;
    private final StreamCounters streams = new StreamCounters();
    private final RetryCounters retries = new RetryCounters();
    private final BalancerText balancerText = new BalancerText();
    private volatile Supplier<List<BalancerState>> balancers = List::of;
    private final EdgeCertificateNumbers edgeCertificates = new EdgeCertificateNumbers();
    private volatile Supplier<Snapshot> snapshot = () -> Snapshot.EMPTY;
    private volatile Exports exports = Exports.NONE;

    /** Reads from these counters; {@code certificates} says when each workload's certificate ends. */
    public PrometheusText(
            Counters<Traffic> traffic,
            Counters<BackendTraffic> backends,
            Supplier<Map<WorkloadIdentity, Instant>> certificates) {
        this.traffic = traffic;
        this.backends = backends;
        this.certificates = new CertificateNumbers(certificates);
    }

    /** Where retries that did not happen are counted. */
    public RetryCounters retries() {
        return retries;
    }

    /** Tells of the certificates too that the edge shows. */
    public void edge(Supplier<Snapshot> newest) {
        snapshot = newest;
    }

    /** Tells of endpoints too, as this proxy sees them. */
    public void balancers(Supplier<List<BalancerState>> states) {
        balancers = states;
    }

    /** Certificates may have been renewed; may wait for one to be issued. */
    public void certificatesChanged() {
        certificates.look();
    }

    /** Where connections are counted. */
    public StreamCounters streams() {
        return streams;
    }

    /** Tells of these too. */
    public void include(Exports newest) {
        exports = newest;
    }

    /** The whole text; reads every counter. */
    public String render() {
        Exposition out = new Exposition();
        Map<Traffic, Sums> requests = ordered(traffic.read());
        traffic(out, requests);
        DecisionText.write(out, requests);
        Map<BackendTraffic, Sums> tries = ordered(backends.read());
        backends(out, tries);
        RouteText.write(out, requests, tries, retries);
        retries.write(out);
        balancerText.write(out, balancers.get());
        certificates.look();
        certificates.write(out);
        edgeCertificates.write(out, snapshot.get());
        streams.write(out);
        folded(out); // behind all that is told apart
        exports(out);
        ProcessNumbers.write(out);
        return out.toString();
    }

    private static void traffic(Exposition out, Map<Traffic, Sums> sums) {
        Map<Map<String, String>, Sums> requests = new LinkedHashMap<>();
        sums.forEach((series, sum) -> requests.merge(LinkerdLabels.edge(series), sum, Sums::plus));
        out.metric("request_total", "counter", "Requests, counted when they have ended.");
        requests.forEach((labels, sum) -> out.sample("request_total", labels, sum.count()));
        out.metric("response_total", "counter", "Responses; without status_code when the connection broke before one.");
        sums.forEach((series, sum) -> out.sample("response_total", LinkerdLabels.response(series), sum.count()));
        out.metric("response_latency_ms", "histogram", "Time from the request's head to the response's, in ms.");
        Map<Map<String, String>, Sums> byStatus = new LinkedHashMap<>();
        sums.forEach((series, sum) -> {
            Map<String, String> labels = LinkerdLabels.response(series);
            labels.remove("classification");
            labels.remove("error");
            byStatus.merge(labels, sum, Sums::plus);
        });
        byStatus.forEach((labels, sum) -> out.histogram("response_latency_ms", labels, sum, Bounds.LATENCY, 1_000));
        out.metric("outbound_http_route_retry_requests_total", "counter", "Tries beyond the first.");
        requests.forEach((labels, sum) -> {
            if (sum.retries() > 0) {
                out.sample("outbound_http_route_retry_requests_total", labels, sum.retries());
            }
        });
        out.metric("outbound_http_route_retry_successes_total", "counter", "Retried requests that ended well.");
        Map<Map<String, String>, Long> successes = new LinkedHashMap<>();
        sums.forEach((series, sum) -> {
            if (series.success() && sum.retried() > 0) {
                successes.merge(LinkerdLabels.edge(series), sum.retried(), Long::sum);
            }
        });
        successes.forEach((labels, sum) -> out.sample("outbound_http_route_retry_successes_total", labels, sum));
        out.metric("weft_request_bytes_total", "counter", "Bytes of requests, heads and bodies.");
        requests.forEach((labels, sum) -> out.sample("weft_request_bytes_total", labels, sum.requestBytes()));
        out.metric("weft_response_bytes_total", "counter", "Bytes of responses, heads and bodies.");
        requests.forEach((labels, sum) -> out.sample("weft_response_bytes_total", labels, sum.responseBytes()));
        out.metric("weft_waited_total", "counter", "Requests that were held until the service had an endpoint.");
        requests.forEach((labels, sum) -> {
            if (sum.waited() > 0) {
                out.sample("weft_waited_total", labels, sum.waited());
            }
        });
    }

    private static void backends(Exposition out, Map<BackendTraffic, Sums> sums) {
        Map<Map<String, String>, Sums> byBackend = new LinkedHashMap<>();
        sums.forEach((series, sum) -> byBackend.merge(LinkerdLabels.backend(series), sum, Sums::plus));
        out.metric("outbound_http_route_backend_requests_total", "counter", "Tries at a route's backend.");
        byBackend.forEach(
                (labels, sum) -> out.sample("outbound_http_route_backend_requests_total", labels, sum.count()));
        out.metric("outbound_http_route_backend_response_statuses_total", "counter", "How tries at a backend ended.");
        sums.forEach((series, sum) -> {
            Map<String, String> labels = LinkerdLabels.backend(series);
            labels.put("http_status", series.status() == 0 ? "" : Integer.toString(series.status()));
            labels.put("error", series.error());
            out.sample("outbound_http_route_backend_response_statuses_total", labels, sum.count());
        });
        String duration = "outbound_http_route_backend_response_duration_seconds";
        out.metric(duration, "histogram", "Time from a try's start to the answer's head.");
        byBackend.forEach((labels, sum) -> out.histogram(duration, labels, sum, Bounds.BACKEND, 1_000_000));
    }

    private void exports(Exposition out) {
        exports.log().ifPresent(log -> {
            counter(out, "weft_access_log_lines_total", "Lines of the access log.", log.written());
            counter(out, "weft_access_log_dropped_total", "Lines that are missing in it.", log.dropped());
        });
        exports.spans().ifPresent(spans -> {
            counter(out, "weft_spans_sent_total", "Spans that the collector took.", spans.sent());
            counter(out, "weft_spans_dropped_total", "Spans that it did not get.", spans.dropped());
        });
    }

    private static void counter(Exposition out, String name, String help, long value) {
        out.metric(name, "counter", help).sample(name, Map.of(), value);
    }

    private void folded(Exposition out) {
        Map<String, Told<?>> told = new LinkedHashMap<>();
        told.put("balancers", balancerText.told());
        told.put("identities", certificates.told());
        told.put("hosts", edgeCertificates.told());
        out.metric("weft_series", "gauge", "Series that are told apart; beyond weft_series_max they are folded.");
        series(out, "weft_series", traffic.count(), backends.count(), streams.count(), retries.count());
        told.forEach((of, each) -> out.sample("weft_series", Map.of("of", of), each.count()));
        out.metric("weft_series_max", "gauge", "How many may be told apart.");
        series(out, "weft_series_max", traffic.most(), backends.most(), StreamCounters.most(), RetryCounters.most());
        told.forEach((of, each) -> out.sample("weft_series_max", Map.of("of", of), each.most()));
        out.metric(
                "weft_series_folded_total",
                "counter",
                "What was counted under other, by the label with too many values.");
        Map<String, Long> all = new TreeMap<>(traffic.folded());
        backends.folded().forEach((label, count) -> all.merge(label, count, Long::sum));
        streams.folded().forEach((label, count) -> all.merge(label, count, Long::sum));
        retries.folded().forEach((label, count) -> all.merge(label, count, Long::sum));
        told.values().stream()
                .filter(each -> each.folded() > 0)
                .forEach(each -> all.merge(each.label(), each.folded(), Long::sum));
        all.forEach((label, count) -> out.sample("weft_series_folded_total", Map.of("label", label), count));
    }

    private static void series(Exposition out, String name, long requests, long tries, long connections, long retries) {
        out.sample(name, Map.of("of", "requests"), requests);
        out.sample(name, Map.of("of", "tries"), tries);
        out.sample(name, Map.of("of", "connections"), connections);
        out.sample(name, Map.of("of", "retries"), retries);
    }

    private static <S> Map<S, Sums> ordered(Map<S, Sums> sums) {
        Map<S, Sums> ordered = new TreeMap<>(Comparator.comparing(Object::toString));
        ordered.putAll(sums);
        return ordered;
    }
}
