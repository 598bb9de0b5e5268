package dev.weft.resources.emissary;

import dev.weft.model.traffic.RetryPolicy;
import dev.weft.model.traffic.RouteTraffic;
import dev.weft.model.traffic.Timeouts;
import dev.weft.resources.Resource;
import dev.weft.resources.reading.Expressions;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A route of the edge.
 *
 * @param hostname a host pattern, lower case; empty when it goes by labels alone
 * @param headers exact values by name, lower case; {@code :authority} is in {@code hostname} instead
 * @param regexHeaders expressions for whole values by name, lower case
 * @param method empty for every method
 * @param service as written: {@code [http[s]://]name[.namespace][:port]}
 * @param rewrite what the matched prefix becomes; empty text for no change
 * @param weight percent, when given
 * @param redirect in place of a service, which then names the target host
 */
public record Mapping(
        Resource resource,
        String hostname,
        PathKind pathKind,
        String prefix,
        Map<String, String> headers,
        Map<String, String> regexHeaders,
        String method,
        int precedence,
        String service,
        String rewrite,
        Optional<String> hostRewrite,
        Timeouts timeouts,
        RetryPolicy retry,
        RouteTraffic traffic,
        Optional<Integer> weight,
        List<HeaderEdit> addRequestHeaders,
        List<HeaderEdit> addResponseHeaders,
        List<String> removeRequestHeaders,
        List<String> removeResponseHeaders,
        Optional<Redirect> redirect) {

    public enum PathKind {
        PREFIX,
        EXACT,
        REGEX
    }

    /**
     * Where the client is sent.
     *
     * @param path in place of the whole path, empty to keep it
     */
    public record Redirect(int status, String path) {}

    public Mapping {
        headers = Map.copyOf(headers);
        regexHeaders = Map.copyOf(regexHeaders);
        addRequestHeaders = List.copyOf(addRequestHeaders);
        addResponseHeaders = List.copyOf(addResponseHeaders);
        removeRequestHeaders = List.copyOf(removeRequestHeaders);
        removeResponseHeaders = List.copyOf(removeResponseHeaders);
    }

    public static Read<Mapping> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static Mapping of(Resource resource, Fields root) {
        return root.requiredObject("spec", spec -> {
            noteOthers(spec);
            Map<String, String> headers = lowerCase(spec.textMap("headers"));
            String hostname = hostname(spec, headers);
            headers.remove(":authority");
            PathKind kind = pathKind(spec);
            String prefix = prefix(spec, kind);
            Map<String, String> regexHeaders = lowerCase(spec.textMap("regex_headers"));
            regexHeaders.forEach((name, expression) -> Expressions.check(spec, "regex_headers." + name, expression));
            Optional<Redirect> redirect =
                    spec.flag("host_redirect", false) ? Optional.of(redirect(spec)) : Optional.empty();
            if (kind == PathKind.REGEX && !spec.has("rewrite") && redirect.isEmpty()) {
                spec.warning(
                        "rewrite",
                        "RewriteIsRoot",
                        "spec.rewrite is \"/\" when it is not given, so with prefix_regex the backend sees \"/\" for every path.",
                        "Write rewrite: \"\" to keep the path.");
            }
            return new Mapping(
                    resource,
                    hostname,
                    kind,
                    prefix,
                    headers,
                    regexHeaders,
                    spec.text("method", "").toUpperCase(Locale.ROOT),
                    spec.integer("precedence", 0, Integer.MIN_VALUE, Integer.MAX_VALUE),
                    spec.requiredText("service"),
                    spec.text("rewrite", "/"),
                    spec.text("host_rewrite"),
                    MappingPatience.timeouts(spec),
                    MappingPatience.retry(spec),
                    MappingTraffic.read(spec),
                    spec.has("weight") ? Optional.of(spec.integer("weight", 0, 0, 100)) : Optional.empty(),
                    HeaderEdit.list(spec, "add_request_headers"),
                    HeaderEdit.list(spec, "add_response_headers"),
                    HeaderEdit.names(spec, "remove_request_headers"),
                    HeaderEdit.names(spec, "remove_response_headers"),
                    redirect);
        });
    }

    private static void noteOthers(Fields spec) {
        spec.inert("ambassador_id", "stats_name", "cluster_tag", "docs", "modules", "envoy_override", "resolver");
        spec.inert("bypass_auth", "dns_type", "respect_dns_ttl", "enable_ipv4", "enable_ipv6");
        spec.unsupported("method_regex", "query_parameters", "regex_query_parameters", "case_sensitive");
        spec.unsupported("regex_rewrite", "auto_host_rewrite", "tls", "grpc", "shadow");
        spec.unsupported("prefix_redirect", "regex_redirect", "add_linkerd_headers");
        spec.unsupported("cluster_max_connection_lifetime_ms");
        spec.unsupported("keepalive", "health_checks");
        spec.unsupported("outlier_detection", "allow_upgrade", "use_websocket", "cors", "auth_context_extensions");
        spec.unsupported("labels", "error_response_overrides", "bypass_error_response_overrides", "host_regex");
    }

    private static String hostname(Fields spec, Map<String, String> headers) {
        String hostname = spec.text("hostname")
                .or(() -> spec.text("host"))
                .orElse(headers.getOrDefault(":authority", ""))
                .toLowerCase(Locale.ROOT);
        spec.inert("host");
        String field = spec.has("hostname") ? "hostname" : "host";
        if (!hostname.isEmpty()) {
            HostGlob.problem(hostname)
                    .ifPresent(problem -> spec.invalid(field, problem, "Write a name, *.suffix or *, without a port."));
        }
        return hostname;
    }

    private static PathKind pathKind(Fields spec) {
        boolean exact = spec.flag("prefix_exact", false);
        boolean regex = spec.flag("prefix_regex", false);
        if (regex) {
            return PathKind.REGEX;
        }
        return exact ? PathKind.EXACT : PathKind.PREFIX;
    }

    private static String prefix(Fields spec, PathKind kind) {
        String prefix = spec.requiredText("prefix");
        if (kind == PathKind.REGEX) {
            Expressions.check(spec, "prefix", prefix);
        } else if (!prefix.startsWith("/")) {
            spec.invalid("prefix", "\"" + prefix + "\" does not begin with a slash.", "Write /" + prefix + ".");
        }
        return prefix;
    }

    private static Redirect redirect(Fields spec) {
        int status = spec.integer("redirect_response_code", 301, 301, 308);
        if (!List.of(301, 302, 303, 307, 308).contains(status)) {
            spec.invalid("redirect_response_code", status + " is no redirect.", "Write 301, 302, 303, 307 or 308.");
        }
        return new Redirect(status, spec.text("path_redirect", ""));
    }

    private static Map<String, String> lowerCase(Map<String, String> headers) {
        Map<String, String> lower = new java.util.LinkedHashMap<>();
        headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
        return lower;
    }
}
