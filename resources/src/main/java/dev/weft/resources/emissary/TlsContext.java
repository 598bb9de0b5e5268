package dev.weft.resources.emissary;

import dev.weft.resources.Resource;
import dev.weft.resources.emissary.Host.SecretReference;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What hosts that name it ask of TLS, and TCPMappings that are for one of its hosts.
 *
 * @param hosts lower case
 * @param secret where the certificate for them is; empty where the Hosts have their own
 */
public record TlsContext(
        Resource resource, List<String> hosts, Optional<SecretReference> secret, TlsSettings settings) {

    public TlsContext {
        hosts = List.copyOf(hosts);
    }

    public static Read<TlsContext> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static TlsContext of(Resource resource, Fields root) {
        return root.objectOrEmpty("spec", spec -> {
            spec.inert("ambassador_id");
            boolean dots = spec.flag("secret_namespacing", true);
            List<String> hosts = spec.texts("hosts").stream()
                    .map(host -> host.toLowerCase(Locale.ROOT))
                    .toList();
            return new TlsContext(
                    resource,
                    hosts,
                    TlsSettings.secret(spec, "secret", resource.namespace(), dots),
                    TlsSettings.read(spec, resource.namespace()));
        });
    }
}
