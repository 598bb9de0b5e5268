package dev.weft.resources.emissary;

import dev.weft.model.policy.Balancing;
import dev.weft.model.policy.ConnectionLimits;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.resources.reading.Fields;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the Module named {@code ambassador} says for mappings that say nothing of it. Lists of headers are replaced by a
 * mapping's own, also by an empty one, and never joined with them.
 *
 * @param request {@code cluster_request_timeout_ms}; zero for no limit
 * @param idleConnection {@code cluster_idle_timeout_ms}
 * @param limits {@code circuit_breakers} by priority
 * @param linkerdHeaders {@code add_linkerd_headers}
 */
public record MappingDefaults(
        Optional<Duration> request,
        Optional<Duration> idleConnection,
        Optional<Retry> retry,
        Optional<Balancing> balancing,
        Map<String, ConnectionLimits> limits,
        List<HeaderEdit> addRequestHeaders,
        List<HeaderEdit> addResponseHeaders,
        List<String> removeRequestHeaders,
        List<String> removeResponseHeaders,
        boolean linkerdHeaders) {

    public static final MappingDefaults NONE = new MappingDefaults(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            false);

    /** A {@code retry_policy}. */
    public record Retry(RetryPolicy policy, Duration perTry) {}

    public MappingDefaults {
        limits = Map.copyOf(limits);
        addRequestHeaders = List.copyOf(addRequestHeaders);
        addResponseHeaders = List.copyOf(addResponseHeaders);
        removeRequestHeaders = List.copyOf(removeRequestHeaders);
        removeResponseHeaders = List.copyOf(removeResponseHeaders);
    }

    static MappingDefaults of(Fields config) {
        Headers headers = config.object(
                        "defaults", defaults -> defaults.objectOrEmpty("httpmapping", MappingDefaults::headers))
                .orElse(new Headers(List.of(), List.of(), List.of(), List.of(), false));
        return new MappingDefaults(
                MappingPatience.millis(config, "cluster_request_timeout_ms", 0),
                MappingPatience.millis(config, "cluster_idle_timeout_ms", 1),
                config.object("retry_policy", MappingPatience::defaults),
                MappingTraffic.balancing(config),
                MappingTraffic.limits(config),
                headers.addRequest,
                headers.addResponse,
                headers.removeRequest,
                headers.removeResponse,
                config.flag("add_linkerd_headers", headers.linkerd));
    }

    private record Headers(
            List<HeaderEdit> addRequest,
            List<HeaderEdit> addResponse,
            List<String> removeRequest,
            List<String> removeResponse,
            boolean linkerd) {}

    private static Headers headers(Fields mapping) {
        return new Headers(
                HeaderEdit.list(mapping, "add_request_headers"),
                HeaderEdit.list(mapping, "add_response_headers"),
                HeaderEdit.names(mapping, "remove_request_headers"),
                HeaderEdit.names(mapping, "remove_response_headers"),
                mapping.flag("add_linkerd_headers", false));
    }
}
