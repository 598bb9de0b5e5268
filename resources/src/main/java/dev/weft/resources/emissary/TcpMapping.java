package dev.weft.resources.emissary;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Connections to a port of the edge that are passed on as bytes.
 *
 * @param host the server name that the client's TLS handshake must name, lower case; empty for every connection
 * @param service {@code [http[s]://]host[:port]}; {@code https} originates TLS
 * @param originatesTls whether the edge speaks TLS to the service
 * @param weight 0 to 100 of the connections of all with the same port and host
 * @param idleTimeout without a byte either way; zero for never
 */
public record TcpMapping(
        Resource resource,
        int port,
        String host,
        String service,
        boolean originatesTls,
        Optional<Integer> weight,
        Duration idleTimeout) {

    private static final int IDLE_MILLIS = 3_600_000;

    public static Read<TcpMapping> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static TcpMapping of(Resource resource, Fields root) {
        return root.requiredObject("spec", spec -> {
            spec.inert("ambassador_id", "stats_name", "cluster_tag", "resolver", "enable_ipv4", "enable_ipv6");
            spec.noEffect("every listener has the address that Weft was started with.", "Remove it.", "address");
            spec.noEffect(
                    "a stream counts among its service's connections.",
                    "Set the Service's limits (docs/balancing.md).",
                    "circuit_breakers");
            String host = spec.text("host", "").toLowerCase(Locale.ROOT);
            if (host.contains("*")) {
                spec.invalid("host", "\"" + host + "\" has a *.", "Write one server name, or leave host out.");
            }
            boolean named = spec.raw("tls").isString();
            if (named) {
                spec.warning(
                        "tls",
                        "NotSupportedYet",
                        "TLSContexts are not known here; TLS with the system's trusted authorities is spoken.",
                        "Write tls: true.");
            }
            String service = spec.requiredText("service");
            return new TcpMapping(
                    resource,
                    spec.requiredInteger("port", 1, 65_535),
                    host,
                    service,
                    service.startsWith("https://") || named || spec.flag("tls", false),
                    spec.has("weight") ? Optional.of(spec.integer("weight", 0, 0, 100)) : Optional.empty(),
                    Duration.ofMillis(spec.integer("idle_timeout_ms", IDLE_MILLIS, 0, Integer.MAX_VALUE)));
        });
    }
}
