package dev.weft.resources.emissary;

import dev.weft.model.policy.AddressRange;
import dev.weft.model.policy.AddressRules;
import dev.weft.model.policy.Http2Limits;
import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.HeaderSyntax;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What holds for the whole edge: the Module named {@code ambassador}. Others have no effect.
 *
 * @param underscores what becomes of headers with an underscore in their names
 * @param escapedSlashes what becomes of paths with {@code %2F} or {@code %5C}; Emissary's {@code
 *     reject_requests_with_escaped_slashes}, or Envoy's {@code path_with_escaped_slashes_action}
 * @param mergeSlashes whether {@code //} in a path becomes {@code /}
 * @param redirectClearText whether every host sends clear text to HTTPS that says nothing else
 * @param headKilobytesMax of the request line and the headers
 * @param cors for mappings that say nothing of it
 * @param bodyBytesMax of a request's body; 0 for any
 * @param trustedHops proxies in front of listeners that say nothing of it
 * @param idle how long a client's connection may be without a request; zero for what is usual
 * @param addresses {@code ip_allow} or {@code ip_deny}
 * @param serverName what answers say in {@code Server}; empty to leave that to the services
 * @param announced whether connections to listeners that say nothing of it begin with a PROXY header
 * @param defaults for mappings
 * @param resets what the {@code runtime_flags} say of requests in HTTP/2 that are given up before their time
 */
public record EdgeModule(
        Resource resource,
        Underscores underscores,
        EscapedSlashes escapedSlashes,
        boolean mergeSlashes,
        boolean redirectClearText,
        int headKilobytesMax,
        Optional<CorsPolicy> cors,
        int bodyBytesMax,
        int trustedHops,
        Duration idle,
        AddressRules addresses,
        String serverName,
        boolean announced,
        MappingDefaults defaults,
        Resets resets) {

    /**
     * Envoy's {@code overload.premature_reset_*}.
     *
     * @param streams half of which end the connection, the first that are looked at; 0 for what is usual
     * @param withinSeconds of a request's life; 0 for what is usual
     */
    public record Resets(int streams, int withinSeconds) {}

    public static final String NAME = "ambassador";

    private static final String RESET_STREAMS = "overload.premature_reset_total_stream_count";
    private static final String RESET_SECONDS = "overload.premature_reset_min_stream_lifetime_seconds";

    public enum Underscores {
        REJECT_REQUEST,
        DROP_HEADER,
        ALLOW
    }

    public enum EscapedSlashes {
        REJECT_REQUEST,
        UNESCAPE_AND_REDIRECT,
        KEEP_UNCHANGED
    }

    public static Read<EdgeModule> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static EdgeModule of(Resource resource, Fields root) {
        return root.requiredObject("spec", spec -> {
            spec.inert("ambassador_id");
            return spec.objectOrEmpty("config", config -> of(resource, spec, config));
        });
    }

    private static EdgeModule of(Resource resource, Fields spec, Fields config) {
        if (!resource.name().equals(NAME)) {
            spec.warning(
                    "",
                    "NoEffect",
                    "only the Module named ambassador has an effect.",
                    "Name it ambassador, or delete it.");
        }
        noteOthers(config);
        Underscores underscores = config.word(
                        "headers_with_underscores_action", List.of("ALLOW", "REJECT_REQUEST", "DROP_HEADER"))
                .map(Underscores::valueOf)
                .orElse(Underscores.REJECT_REQUEST);
        EscapedSlashes slashes = config.word(
                        "path_with_escaped_slashes_action",
                        List.of("KEEP_UNCHANGED", "REJECT_REQUEST", "UNESCAPE_AND_REDIRECT"))
                .map(EscapedSlashes::valueOf)
                .orElse(
                        config.flag("reject_requests_with_escaped_slashes", true)
                                ? EscapedSlashes.REJECT_REQUEST
                                : EscapedSlashes.KEEP_UNCHANGED);
        return new EdgeModule(
                resource,
                underscores,
                slashes,
                config.flag("merge_slashes", false),
                config.flag("x_forwarded_proto_redirect", false),
                config.integer("max_request_headers_kb", 60, 1, 64),
                CorsPolicy.of(config),
                config.object("buffer", EdgeModule::bodyBytesMax).orElse(0),
                config.integer("xff_num_trusted_hops", 0, 0, 100),
                Duration.ofMillis(config.integer("listener_idle_timeout_ms", 0, 0, Integer.MAX_VALUE)),
                addresses(config),
                serverName(config),
                config.flag("use_proxy_proto", false),
                MappingDefaults.of(config),
                config.object("runtime_flags", EdgeModule::resets).orElse(new Resets(0, 0)));
    }

    private static AddressRules addresses(Fields config) {
        boolean allow = config.has("ip_allow");
        if (allow && config.has("ip_deny")) {
            config.invalid("ip_deny", "ip_allow is there already.", "Keep one of the two.");
        }
        List<Address> listed = config.objects(allow ? "ip_allow" : "ip_deny", EdgeModule::address);
        config.inert("ip_deny");
        return new AddressRules(allow, ranges(listed, false), ranges(listed, true));
    }

    private record Address(boolean client, Optional<AddressRange> range) {}

    private static List<AddressRange> ranges(List<Address> listed, boolean clients) {
        return listed.stream()
                .filter(each -> each.client == clients)
                .flatMap(each -> each.range.stream())
                .toList();
    }

    private static Address address(Fields item) {
        boolean client = item.has("remote");
        String field = client ? "remote" : "peer";
        if (client && item.has("peer")) {
            item.invalid("peer", "remote is there already.", "Write them as two items.");
        }
        String text = item.requiredText(field);
        item.inert("peer");
        try {
            return new Address(client, Optional.of(AddressRange.parse(text)));
        } catch (IllegalArgumentException e) {
            item.invalid(field, e.getMessage() + ".", "Write for example 10.0.0.0/8 or fd00::/8.");
            return new Address(client, Optional.empty());
        }
    }

    private static String serverName(Fields config) {
        String name = config.text("server_name", "");
        HeaderSyntax.problem("server", name)
                .ifPresent(problem -> config.invalid("server_name", problem + ".", "Write for example weft."));
        return name;
    }

    private static Resets resets(Fields flags) {
        int streams = flags.integer(RESET_STREAMS, 0, 2, Http2Limits.RESETS_MOST);
        int seconds = flags.integer(RESET_SECONDS, 0, 1, 3_600);
        for (String name : flags.names()) {
            if (!name.equals(RESET_STREAMS) && !name.equals(RESET_SECONDS)) {
                flags.warning(
                        name,
                        "NoEffect",
                        flags.path(name) + " is a switch inside Envoy that has no counterpart here.",
                        "Remove it.");
            }
        }
        return new Resets(streams, seconds);
    }

    /** Nothing is gathered here: a body is passed on as it comes, and refused when there is too much of it. */
    private static int bodyBytesMax(Fields buffer) {
        buffer.inert("max_request_time");
        return buffer.requiredInteger("max_request_bytes", 1, Integer.MAX_VALUE);
    }

    /** {@code normalize_path} is always on, in Emissary as here. */
    private static void noteOthers(Fields config) {
        config.inert(
                "normalize_path", "regex_type", "admin_port", "service_port", "statsd", "envoy_validation_timeout");
        config.inert("diagnostics", "liveness_probe", "readiness_probe", "debug_mode", "resolver");
        config.inert("enable_ipv4", "enable_ipv6", "suppress_envoy_headers", "prune_unreachable_routes");
        noteAbsent(config);
    }

    /** What Emissary has and Weft has not, each with the reason. */
    private static void noteAbsent(Fields config) {
        config.noEffect(
                "a request with both lengths is read in two ways, and always refused.",
                "Remove it.",
                "allow_chunked_length");
        config.noEffect(
                "nothing is gathered beyond what flow control allows.",
                "Remove it; buffer.max_request_bytes limits bodies.",
                "buffer_limit_bytes");
        config.noEffect(
                "connections are kept while they are used, and never long enough idle to be asked whether they live.",
                "Set cluster_idle_timeout_ms.",
                "cluster_max_connection_lifetime_ms",
                "keepalive");
        config.noEffect(
                "they are words for a RateLimitService, and none is called here.",
                "Declare an HTTPLocalRateLimitPolicy.",
                "default_label_domain",
                "default_labels");
        config.noEffect("HTTP/1.0 is always understood.", "Remove it.", "enable_http10");
        config.noEffect(
                "gRPC passes as it is; nothing is translated to it or from it.",
                "Remove it, or call with HTTP/2.",
                "enable_grpc_http11_bridge",
                "enable_grpc_web");
        config.noEffect(
                "what is logged is said where Weft is started.",
                "Start it with --access-log, --access-log-format and --access-log-path.",
                "envoy_log_type",
                "envoy_log_path",
                "envoy_log_format");
        config.noEffect(
                "x-forwarded-client-cert is always made anew, with what was verified: Hash, Subject, URI and DNS.",
                "Remove it.",
                "forward_client_cert_details",
                "set_current_client_cert_details");
        config.noEffect("calls of gRPC are always counted by their status.", "Remove it.", "grpc_stats");
        config.noEffect("bodies pass as services send them.", "Let the service compress them.", "gzip");
        config.noEffect(
                "on HTTP/1.1 names pass as they are written.", "Remove it.", "header_case_overrides", "proper_case");
        config.noEffect("no programs run within the proxy.", "Use the fields of Mapping.", "lua_scripts");
        config.noEffect("a client's x-request-id is always kept.", "Remove it.", "preserve_external_request_id");
        config.noEffect(
                "expressions have 200 steps at most, and their time grows with the text alone.",
                "Remove it.",
                "regex_max_size");
        config.noEffect(
                "a host is found whatever port a client names, and the name goes on as it came.",
                "Remove it.",
                "strip_matching_host_port");
        config.noEffect(
                "the client is the other end of the connection, unless proxies in front are declared.",
                "Set xff_num_trusted_hops or a Listener's l7Depth.",
                "use_remote_address");
        config.noEffect(
                "names without a namespace are looked up in the mapping's own.",
                "Write name.namespace.",
                "use_ambassador_namespace_for_service_resolution");
        config.noEffect(
                "answers of services pass as they are (Emissary 4 removed it as well), and the edge's own say weft-error.",
                "Remove it.",
                "error_response_overrides");
    }
}
