package dev.weft.catalog.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.Given;
import dev.weft.catalog.metrics.Apexes;
import dev.weft.catalog.metrics.BackendTraffic;
import dev.weft.catalog.metrics.Counters;
import dev.weft.catalog.metrics.Recorder;
import dev.weft.catalog.metrics.Traffic;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class PrometheusTextTest {

    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (-?[0-9.]+(?:E-?[0-9]+)?)");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final Counters<Traffic> traffic = Counters.ofRequests(100);
    private final Counters<BackendTraffic> backends = Counters.ofTries(100);
    private final Recorder recorder = new Recorder(traffic, backends);

    @Test
    void readsBackAsWhatWasRecordedUnderLinkerdsNames() {
        recorder.use(Apexes.of(Given.snapshot()));
        for (int i = 0; i < 10; i++) {
            recorder.record(Given.outbound("r", Given.HELLO, Given.QUOTE_V1, i < 3 ? 503 : 200, 20));
        }
        recorder.record(Given.inbound("r", Given.HELLO.identity(), Given.QUOTE_V1, 200, 20));

        Map<String, Double> samples = samples();

        String labels = "authority=quote.default.svc.cluster.local:80,deployment=hello-00001-deployment,"
                + "direction=outbound,dst_deployment=quote-v1,dst_namespace=default,dst_service=quote-v1,"
                + "namespace=default,route_name=rule-1,"
                + "server_id=spiffe://cluster.local/ns/default/sa/quote,tls=true,tls_key_exchange=X25519MLKEM768}";
        assertThat(samples)
                .containsEntry("request_total{" + labels, 10.0)
                .containsEntry(
                        "response_total{"
                                + labels.replace(",deployment=", ",classification=failure,deployment=")
                                        .replace(",tls=", ",status_code=503,tls="),
                        3.0);
        assertThat(samples.keySet())
                .anyMatch(name -> name.startsWith("response_total{")
                        && name.contains("direction=inbound")
                        && name.contains("client_id=spiffe://cluster.local/ns/default/sa/hello"));
        assertThat(bucket(samples, "le=10,")).isEqualTo(0);
        assertThat(bucket(samples, "le=20,")).as("20 ms is at most 20 ms").isEqualTo(7);
        assertThat(bucket(samples, "le=+Inf,")).isEqualTo(7);
        assertThat(samples).containsKeys("process_start_time_seconds{}", "process_cpu_seconds_total{}");
        assertThat(samples.keySet())
                .anyMatch(name -> name.startsWith("proxy_build_info{"))
                .anyMatch(name -> name.startsWith("inbound_http_authz_allow_total{")
                        && name.contains("authz_kind=traffictarget,authz_name=quote-access,authz_namespace=default"));
        String route = "{deployment=hello-00001-deployment,direction=outbound,"
                + "dst=quote.default.svc.cluster.local:80,namespace=default,rt_route=rule-1}";
        assertThat(samples)
                .containsEntry("route_request_total" + route, 10.0)
                .containsEntry("route_response_latency_ms_count" + route, 10.0)
                .containsEntry("route_actual_request_total" + route, 10.0);
        assertThat(samples)
                .containsEntry(
                        "outbound_http_route_request_duration_seconds_count{deployment=hello-00001-deployment,"
                                + "namespace=default,parent_name=quote.default.svc.cluster.local:80,route_name=rule-1}",
                        10.0)
                .containsEntry(
                        "outbound_http_route_request_statuses_total{deployment=hello-00001-deployment,http_status=503,"
                                + "namespace=default,parent_name=quote.default.svc.cluster.local:80,route_name=rule-1}",
                        3.0);
    }

    private static double bucket(Map<String, Double> samples, String bound) {
        return samples.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("response_latency_ms_bucket{"))
                .filter(entry -> entry.getKey().contains("direction=outbound")
                        && entry.getKey().contains(bound))
                .filter(entry -> entry.getKey().contains("status_code=200"))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    private Map<String, Double> samples() {
        Map<String, Double> samples = new LinkedHashMap<>();
        String text = new PrometheusText(traffic, backends, Map::of).render();
        for (String line : text.lines().toList()) {
            if (line.startsWith("#")) {
                continue;
            }
            Matcher sample = SAMPLE.matcher(line);
            assertThat(sample.matches()).as(line).isTrue();
            Map<String, String> labels = new java.util.TreeMap<>();
            String written = sample.group(2) == null ? "" : sample.group(2);
            Matcher label = LABEL.matcher(written);
            int end = 0;
            while (label.find()) {
                assertThat(label.start()).as("labels of " + line).isEqualTo(end == 0 ? 0 : end + 1);
                labels.put(label.group(1), label.group(2));
                end = label.end();
            }
            assertThat(end).isEqualTo(written.length());
            String key = sample.group(1) + labels.toString().replace(", ", ",");
            assertThat(samples.put(key, Double.valueOf(sample.group(3))))
                    .as("twice: " + key)
                    .isNull();
        }
        return samples;
    }
}
