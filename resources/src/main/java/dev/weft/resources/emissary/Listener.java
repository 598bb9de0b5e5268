package dev.weft.resources.emissary;

import dev.weft.model.policy.Http2Limits;
import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A port of the edge.
 *
 * @param tls whether it ends TLS; in Emissary such a port takes clear text too, here it takes TLS only
 * @param requests whether it serves HTTP; else it passes connections on as bytes, as TCPMappings say
 * @param hostNamespaces whose hosts it serves
 * @param hostLabels labels of the hosts that it serves, all of them; empty for any
 * @param trustedHops {@code l7Depth}: proxies in front of it that are to be believed; empty for what the Module says
 * @param announced whether its connections begin with a PROXY header
 * @param streamsMax {@code http2MaxConcurrentStreams}; 0 for what holds at the whole edge
 */
public record Listener(
        Resource resource,
        int port,
        boolean tls,
        boolean requests,
        SecurityModel securityModel,
        HostNamespaces hostNamespaces,
        Map<String, String> hostLabels,
        Optional<Integer> trustedHops,
        boolean announced,
        int streamsMax) {

    private static final List<String> PROTOCOLS = List.of("HTTP", "HTTPS", "HTTPPROXY", "HTTPSPROXY", "TCP", "TLS");

    /** How a request is judged secure. */
    public enum SecurityModel {
        /** By {@code X-Forwarded-Proto}, which the edge itself sets from the connection. */
        XFP,
        SECURE,
        INSECURE
    }

    public enum HostNamespaces {
        ALL,
        SELF
    }

    public Listener {
        hostLabels = Map.copyOf(hostLabels);
    }

    public static Read<Listener> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static Listener of(Resource resource, Fields root) {
        return root.requiredObject("spec", spec -> {
            spec.inert("ambassador_id", "statsPrefix");
            SecurityModel model = spec.word("securityModel", List.of("XFP", "SECURE", "INSECURE"))
                    .map(SecurityModel::valueOf)
                    .orElse(SecurityModel.XFP);
            boolean requests = requests(spec);
            if (requests && !spec.has("securityModel")) {
                spec.missing("securityModel", "XFP, SECURE or INSECURE");
            }
            Binding binding = spec.requiredObject("hostBinding", Listener::binding);
            return new Listener(
                    resource,
                    spec.requiredInteger("port", 1, 65_535),
                    tls(spec),
                    requests,
                    model,
                    binding.namespaces,
                    binding.labels,
                    spec.has("l7Depth") ? Optional.of(spec.integer("l7Depth", 0, 0, 100)) : Optional.empty(),
                    announced(spec),
                    streamsMax(spec));
        });
    }

    /** As many as Weft holds at most, where the original has no limit worth the name. */
    private static int streamsMax(Fields spec) {
        int wanted = spec.integer("http2MaxConcurrentStreams", 0, 1, Integer.MAX_VALUE);
        if (wanted > Http2Limits.STREAMS_MOST) {
            spec.warning(
                    "http2MaxConcurrentStreams",
                    "ValueCapped",
                    wanted + " streams are more than one connection may have here; it is " + Http2Limits.STREAMS_MOST
                            + ".",
                    "Write 1 to " + Http2Limits.STREAMS_MOST + ".");
        }
        return Math.min(wanted, Http2Limits.STREAMS_MOST);
    }

    private record Binding(HostNamespaces namespaces, Map<String, String> labels) {}

    private static boolean requests(Fields spec) {
        List<String> stack = spec.texts("protocolStack");
        return stack.isEmpty() ? !List.of("TCP", "TLS").contains(spec.text("protocol", "")) : stack.contains("HTTP");
    }

    /** Wherever it stands in the stack, the header comes first on the wire, as in Envoy. */
    private static boolean announced(Fields spec) {
        List<String> stack = spec.texts("protocolStack");
        return stack.isEmpty() ? spec.text("protocol", "").endsWith("PROXY") : stack.contains("PROXY");
    }

    private static boolean tls(Fields spec) {
        List<String> stack = spec.texts("protocolStack");
        String protocol = spec.text("protocol", "");
        if (!stack.isEmpty()) {
            if (!List.of("HTTP", "PROXY", "TLS", "TCP").containsAll(stack)) {
                spec.invalid(
                        "protocolStack",
                        stack + " is not carried yet.",
                        "Write [HTTP, TCP], [TLS, HTTP, TCP], [TLS, TCP] or [TCP], each with PROXY where a balancer says so.");
            }
            return stack.contains("TLS");
        }
        if (!PROTOCOLS.contains(protocol)) {
            String found = protocol.isEmpty() ? "missing." : "\"" + protocol + "\" is not carried yet.";
            spec.invalid("protocol", found, "Write one of " + String.join(", ", PROTOCOLS) + ".");
        }
        return List.of("HTTPS", "HTTPSPROXY", "TLS").contains(protocol);
    }

    private static Binding binding(Fields binding) {
        HostNamespaces namespaces = binding.object(
                        "namespace",
                        namespace -> namespace
                                .word("from", List.of("ALL", "SELF"))
                                .map(HostNamespaces::valueOf)
                                .orElse(HostNamespaces.ALL))
                .orElse(HostNamespaces.ALL);
        Map<String, String> labels =
                binding.object("selector", Listener::matchLabels).orElse(Map.of());
        if (!binding.has("namespace") && !binding.has("selector")) {
            binding.missing("namespace", "{from: ALL}");
        }
        return new Binding(namespaces, labels);
    }

    static Map<String, String> matchLabels(Fields selector) {
        selector.noEffect("only labels that are equal are compared.", "Write matchLabels.", "matchExpressions");
        return selector.textMap("matchLabels");
    }
}
