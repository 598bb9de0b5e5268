package dev.weft.resources.emissary;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A name that the edge serves.
 *
 * @param hostname a name, {@code *.suffix}, {@code prefix.*} or {@code *}; lower case, without port
 * @param tlsSecret where its certificate is; empty for a host of clear text
 * @param tls what it asks of handshakes itself
 * @param tlsContext the TLSContext of its namespace that says so; where neither is there, the one that is called as it is,
 *     and {@code -context}, does, if there is one
 * @param insecure what happens to a request that did not come by TLS; when nothing is said, it is redirected where there
 *     is a certificate, and routed where there is none
 * @param acme who issues its certificate, and puts it into {@code tlsSecret}, whose name is the host's where none is written
 * @param mappingLabels labels of the mappings that belong to it, all of them; empty when it goes by host name alone
 */
public record Host(
        Resource resource,
        String hostname,
        Optional<SecretReference> tlsSecret,
        Optional<TlsSettings> tls,
        Optional<String> tlsContext,
        InsecureAction insecure,
        Optional<AcmeProvider> acme,
        Map<String, String> mappingLabels) {

    public record SecretReference(String namespace, String name) {}

    public enum InsecureAction {
        REDIRECT,
        REJECT,
        ROUTE
    }

    public Host {
        mappingLabels = Map.copyOf(mappingLabels);
    }

    public static Read<Host> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static Host of(Resource resource, Fields root) {
        return root.objectOrEmpty("spec", spec -> {
            spec.inert("ambassador_id", "previewUrl");
            String hostname = hostname(spec);
            Optional<AcmeProvider> acme = AcmeProvider.read(resource, spec);
            Optional<SecretReference> secret = spec.object("tlsSecret", reference -> {
                String namespace = reference.text("namespace", resource.namespace());
                return new SecretReference(namespace, reference.requiredText("name"));
            });
            if (secret.isEmpty()
                    && acme.isPresent()
                    && acme.get().refusal(hostname).isEmpty()) {
                secret = Optional.of(new SecretReference(resource.namespace(), hostname));
            }
            InsecureAction insecure = spec.object("requestPolicy", Host::insecure)
                    .orElse(secret.isPresent() ? InsecureAction.REDIRECT : InsecureAction.ROUTE);
            if (secret.isEmpty() && insecure == InsecureAction.REDIRECT) {
                spec.warning(
                        "requestPolicy.insecure.action",
                        "RedirectWithoutCertificate",
                        "clear text is redirected to HTTPS, but this host has no certificate.",
                        "Give it a tlsSecret, or write action: Route.");
            }
            Map<String, String> labels = spec.object("mappingSelector", Listener::matchLabels)
                    .or(() -> spec.object("selector", Listener::matchLabels))
                    .orElse(Map.of());
            spec.inert("selector");
            Optional<TlsSettings> tls = spec.object("tls", fields -> TlsSettings.read(fields, resource.namespace()));
            Optional<String> context = spec.object("tlsContext", reference -> reference.requiredText("name"));
            if (tls.isPresent() && context.isPresent()) {
                spec.invalid("tlsContext", "tls says the same things already.", "Write one of the two.");
            }
            return new Host(resource, hostname, secret, tls, context, insecure, acme, labels);
        });
    }

    /** Why no authority is asked for its certificate, although one is named; a sentence. */
    public Optional<String> acmeRefusal() {
        if (acme.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> elsewhere = tlsSecret
                .filter(secret -> !secret.namespace().equals(resource.namespace()))
                .map(secret -> "its tlsSecret is in namespace " + secret.namespace() + ", where it may not write.");
        return acme.get().refusal(hostname).or(() -> elsewhere);
    }

    /** Whether an authority is asked for its certificate. */
    public boolean asksAuthority() {
        return acme.isPresent() && acmeRefusal().isEmpty();
    }

    private static String hostname(Fields spec) {
        String hostname = spec.text("hostname", "*").toLowerCase(Locale.ROOT);
        int colon = hostname.lastIndexOf(':');
        String name = colon < 0 ? hostname : hostname.substring(0, colon);
        HostGlob.problem(name).ifPresent(problem -> spec.invalid("hostname", problem, "Write a name, *.suffix or *."));
        return name;
    }

    private static InsecureAction insecure(Fields policy) {
        return policy.objectOrEmpty("insecure", insecure -> {
            insecure.inert("additionalPort");
            return insecure.word("action", List.of("Redirect", "Reject", "Route"))
                    .map(word -> InsecureAction.valueOf(word.toUpperCase(Locale.ROOT)))
                    .orElse(InsecureAction.REDIRECT);
        });
    }
}
