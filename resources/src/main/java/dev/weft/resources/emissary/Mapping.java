package dev.weft.resources.emissary;

import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.RouteTraffic;
import dev.weft.model.policy.Timeouts;
import dev.weft.resources.Resource;
import dev.weft.resources.reading.Expressions;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
 * @param caseSensitive whether upper and lower case differ in the path
 * @param methodRegex whether {@code method} is an expression for the whole method
 * @param queries exact values of the query's parameters, by name
 * @param regexQueries expressions for whole values, by name
 * @param regexRewrite in place of {@code rewrite}
 * @param autoHostRewrite whether the backend sees its own name as host
 * @param shadow whether it gets copies only; {@code weight} is then the share of requests that are copied
 * @param allowUpgrade protocols that requests may switch to
 * @param priority of its requests, for the Module's limits
 * @param linkerdHeaders whether an outside service's proxy is told where a request goes; empty for what the Module says
 * @param given fields that it has, of those for which the Module may speak
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
        Optional<Redirect> redirect,
        boolean caseSensitive,
        boolean methodRegex,
        Map<String, String> queries,
        Map<String, String> regexQueries,
        Optional<RegexEdit> regexRewrite,
        boolean autoHostRewrite,
        boolean shadow,
        Optional<CorsPolicy> cors,
        List<String> allowUpgrade,
        String priority,
        Optional<Boolean> linkerdHeaders,
        Set<String> given) {

    private static final List<String> DEFAULTED = List.of(
            "timeout_ms",
            "idle_timeout_ms",
            "cluster_idle_timeout_ms",
            "retry_policy",
            "load_balancer",
            "circuit_breakers",
            "add_request_headers",
            "add_response_headers",
            "remove_request_headers",
            "remove_response_headers");

    public enum PathKind {
        PREFIX,
        EXACT,
        REGEX
    }

    /**
     * Where the client is sent.
     *
     * @param path in place of the whole path, empty to keep it
     * @param prefix in place of the matched prefix, empty to keep it
     * @param regex a change of the path
     */
    public record Redirect(int status, String path, String prefix, Optional<RegexEdit> regex) {}

    public Mapping {
        allowUpgrade = List.copyOf(allowUpgrade);
        given = Set.copyOf(given);
        headers = Map.copyOf(headers);
        regexHeaders = Map.copyOf(regexHeaders);
        queries = Map.copyOf(queries);
        regexQueries = Map.copyOf(regexQueries);
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
            if (spec.flag("host_regex", false) && !hostname.isEmpty()) {
                regexHeaders.put(":authority", hostname);
                hostname = "*";
            }
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
                    method(spec),
                    spec.integer("precedence", 0, Integer.MIN_VALUE, Integer.MAX_VALUE),
                    service(spec),
                    path(spec, "rewrite", "/"),
                    hostRewrite(spec),
                    MappingPatience.timeouts(spec),
                    MappingPatience.retry(spec),
                    MappingTraffic.read(spec),
                    spec.has("weight") ? Optional.of(spec.integer("weight", 0, 0, 100)) : Optional.empty(),
                    HeaderEdit.list(spec, "add_request_headers"),
                    HeaderEdit.list(spec, "add_response_headers"),
                    HeaderEdit.names(spec, "remove_request_headers"),
                    HeaderEdit.names(spec, "remove_response_headers"),
                    redirect,
                    spec.flag("case_sensitive", true),
                    spec.flag("method_regex", false),
                    spec.textMap("query_parameters"),
                    regexQueries(spec),
                    RegexEdit.of(spec, "regex_rewrite"),
                    spec.flag("auto_host_rewrite", false),
                    spec.flag("shadow", false),
                    CorsPolicy.of(spec),
                    upgrades(spec),
                    MappingTraffic.priority(spec),
                    spec.has("add_linkerd_headers")
                            ? Optional.of(spec.flag("add_linkerd_headers", false))
                            : Optional.empty(),
                    DEFAULTED.stream().filter(spec::has).collect(Collectors.toSet()));
        });
    }

    /** With what the Module says where this says nothing. */
    public Mapping with(MappingDefaults defaults) {
        return new Mapping(
                resource,
                hostname,
                pathKind,
                prefix,
                headers,
                regexHeaders,
                method,
                precedence,
                service,
                rewrite,
                hostRewrite,
                timeouts(defaults),
                given.contains("retry_policy")
                        ? retry
                        : defaults.retry().map(MappingDefaults.Retry::policy).orElse(retry),
                new RouteTraffic(
                        given.contains("load_balancer") ? traffic.balancing() : defaults.balancing(),
                        given.contains("circuit_breakers")
                                ? traffic.limits()
                                : defaults.limits().getOrDefault(priority, traffic.limits())),
                weight,
                given.contains("add_request_headers") ? addRequestHeaders : defaults.addRequestHeaders(),
                given.contains("add_response_headers") ? addResponseHeaders : defaults.addResponseHeaders(),
                given.contains("remove_request_headers") ? removeRequestHeaders : defaults.removeRequestHeaders(),
                given.contains("remove_response_headers") ? removeResponseHeaders : defaults.removeResponseHeaders(),
                redirect,
                caseSensitive,
                methodRegex,
                queries,
                regexQueries,
                regexRewrite,
                autoHostRewrite,
                shadow,
                cors,
                allowUpgrade,
                priority,
                linkerdHeaders.or(() -> Optional.of(defaults.linkerdHeaders())),
                given);
    }

    private Timeouts timeouts(MappingDefaults defaults) {
        Timeouts result = timeouts;
        if (!given.contains("timeout_ms") && defaults.request().isPresent()) {
            result = result.withRequest(defaults.request().get());
        }
        if (!given.contains("cluster_idle_timeout_ms")
                && defaults.idleConnection().isPresent()) {
            result = result.withIdleConnection(defaults.idleConnection().get());
        }
        boolean patient = !given.contains("retry_policy") && defaults.retry().isPresent();
        return patient ? result.withPerTry(defaults.retry().get().perTry()) : result;
    }

    /** {@code use_websocket} is the older word for one of them. */
    private static List<String> upgrades(Fields spec) {
        List<String> named = spec.texts("allow_upgrade");
        return spec.flag("use_websocket", false) && named.isEmpty() ? List.of("websocket") : named;
    }

    private static String method(Fields spec) {
        String method = spec.text("method", "");
        if (!spec.flag("method_regex", false)) {
            return method.toUpperCase(Locale.ROOT);
        }
        Expressions.check(spec, "method", method);
        return method;
    }

    private static String path(Fields spec, String field, String fallback) {
        String path = spec.text(field, fallback);
        TargetText.checkPath(spec, field, path);
        return path;
    }

    private static Optional<String> hostRewrite(Fields spec) {
        Optional<String> host = spec.text("host_rewrite");
        host.ifPresent(name -> TargetText.checkHost(spec, "host_rewrite", name));
        return host;
    }

    private static Map<String, String> regexQueries(Fields spec) {
        Map<String, String> expressions = spec.textMap("regex_query_parameters");
        expressions.forEach(
                (name, expression) -> Expressions.check(spec, "regex_query_parameters." + name, expression));
        return expressions;
    }

    private static void noteOthers(Fields spec) {
        spec.inert("ambassador_id", "stats_name", "cluster_tag", "docs", "modules", "envoy_override", "resolver");
        spec.inert("bypass_auth", "dns_type", "respect_dns_ttl", "enable_ipv4", "enable_ipv6");
        spec.inert("grpc"); // calls of gRPC go on as HTTP/2 without being told
        spec.noEffect(
                "they are words for a RateLimitService, and none is called here.",
                "Declare an HTTPLocalRateLimitPolicy whose targetRef is this Mapping.",
                "labels");
        spec.noEffect("no AuthService is called here.", "Remove it.", "auth_context_extensions");
        spec.noEffect(
                "endpoints are those whose pods pass their readinessProbe, and circuit breakers take out those that fail.",
                "Declare a readinessProbe, or the Service's annotations of docs/balancing.md.",
                "health_checks",
                "outlier_detection");
        spec.noEffect(
                "connections to endpoints that carry nothing are closed before the system would ask whether they live.",
                "Set cluster_idle_timeout_ms, if it should be sooner.",
                "keepalive");
        spec.noEffect(
                "connections are kept while they are used, and let go of when their endpoint or its certificate is gone.",
                "Set cluster_idle_timeout_ms for those that are not used.",
                "cluster_max_connection_lifetime_ms");
        spec.noEffect(
                "answers of services pass as they are (Emissary 4 removed it as well), and the edge's own say weft-error.",
                "Remove it.",
                "error_response_overrides",
                "bypass_error_response_overrides");
    }

    /** The service to send to; {@code tls} asks for the same as {@code https://} before it. */
    private static String service(Fields spec) {
        String service = spec.requiredText("service");
        boolean named = spec.raw("tls").isString();
        if (named) {
            spec.warning(
                    "tls",
                    "NotSupportedYet",
                    "TLSContexts are not known here; TLS with the system's trusted authorities is spoken.",
                    "Write tls: true.");
        }
        boolean tls = named || spec.flag("tls", false);
        return tls && !service.contains("://") ? "https://" + service : service;
    }

    /** A name or a glob; with {@code host_regex} an expression that the whole of the host has to match. */
    private static String hostname(Fields spec, Map<String, String> headers) {
        String hostname =
                spec.text("hostname").or(() -> spec.text("host")).orElse(headers.getOrDefault(":authority", ""));
        spec.inert("host");
        String field = spec.has("hostname") ? "hostname" : "host";
        if (spec.flag("host_regex", false)) {
            Expressions.check(spec, field, hostname);
            return hostname;
        }
        return glob(spec, field, hostname.toLowerCase(Locale.ROOT));
    }

    private static String glob(Fields spec, String field, String hostname) {
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
        TargetText.checkHost(spec, "service", spec.text("service", ""));
        String whole = spec.text("path_redirect", "");
        TargetText.checkPathAndQuery(spec, "path_redirect", whole);
        Redirect redirect =
                new Redirect(status, whole, path(spec, "prefix_redirect", ""), RegexEdit.of(spec, "regex_redirect"));
        long ways = Stream.of("path_redirect", "prefix_redirect", "regex_redirect")
                .filter(spec::has)
                .count();
        if (ways > 1) {
            spec.invalid(
                    "path_redirect",
                    "only one of path_redirect, prefix_redirect and regex_redirect can say where to.",
                    "Keep one of them.");
        }
        if (spec.flag("shadow", false)) {
            spec.invalid("shadow", "a redirect has nothing to copy.", "Remove shadow or host_redirect.");
        }
        return redirect;
    }

    private static Map<String, String> lowerCase(Map<String, String> headers) {
        Map<String, String> lower = new java.util.LinkedHashMap<>();
        headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
        return lower;
    }
}
