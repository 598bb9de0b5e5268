package dev.weft.control.tls;

import dev.weft.control.declared.Declarations;
import dev.weft.control.declared.Declared;
import dev.weft.control.declared.Findings;
import dev.weft.model.traffic.ServerCertificate;
import dev.weft.model.traffic.TlsPolicy;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.core.Secret;
import dev.weft.resources.emissary.Host;
import dev.weft.resources.emissary.Host.SecretReference;
import dev.weft.resources.emissary.TlsContext;
import dev.weft.resources.emissary.TlsSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The certificates of the edge's hosts, and what each host asks of its clients. */
public final class EdgeCertificates {

    /** From here on somebody should look at it. */
    private static final Duration SOON = Duration.ofDays(21);

    private final Declarations declarations;
    private final TlsSecrets secrets;
    private final ClientPolicies policies;
    private final Findings findings;
    private final Instant now;
    private final Set<Key> contextsUsed = new HashSet<>();

    public EdgeCertificates(Declarations declarations, TlsSecrets secrets, Findings findings, Instant now) {
        this.declarations = declarations;
        this.secrets = secrets;
        this.policies = new ClientPolicies(declarations, secrets, findings);
        this.findings = findings;
        this.now = now;
    }

    /** Those of these hosts; a host without one speaks clear text alone. */
    public Map<Declared<Host>, ServerCertificate> ofHosts(List<Declared<Host>> hosts) {
        Map<Declared<Host>, ServerCertificate> certificates = new LinkedHashMap<>();
        for (Declared<Host> host : hosts) {
            ofHost(host).ifPresent(certificate -> certificates.put(host, certificate));
        }
        return certificates;
    }

    private Optional<ServerCertificate> ofHost(Declared<Host> declared) {
        Host host = declared.value().orElseThrow();
        Key key = declared.key();
        TlsPolicy policy = policy(declared, host);
        if (host.tlsSecret().isEmpty()) {
            if (!policy.equals(TlsPolicy.OPEN)) {
                findings.error(
                        key,
                        "spec.tlsSecret",
                        "CertificateMissing",
                        "it asks for something in TLS handshakes, but has no certificate to shake hands with.",
                        "Write tlsSecret.");
            }
            return policy.clients() == TlsPolicy.Clients.ANYONE
                    ? Optional.empty()
                    : Optional.of(ServerCertificate.closed(host.hostname()));
        }
        Optional<ServerCertificate> certificate =
                certificate(key, "spec.tlsSecret.name", host.tlsSecret().get(), host.hostname(), policy);
        boolean asks = policy.clients() != TlsPolicy.Clients.ANYONE;
        return certificate.isEmpty() && asks ? Optional.of(ServerCertificate.closed(host.hostname())) : certificate;
    }

    private Optional<ServerCertificate> certificate(
            Key said, String field, SecretReference reference, String host, TlsPolicy policy) {
        String name = "Secret " + reference.namespace() + "/" + reference.name();
        var found = declarations.find(Kinds.SECRET.key(reference.namespace(), reference.name()), Secret.class);
        if (found.isEmpty()) {
            findings.error(
                    said,
                    field,
                    "SecretNotFound",
                    name + " does not exist.",
                    "Create it with type kubernetes.io/tls and the keys tls.crt and tls.key, or let"
                            + " weft certificate " + reference.name() + " -n " + reference.namespace()
                            + " --host '" + host + "' make one.");
            return Optional.empty();
        }
        return switch (secrets.check(found.get())) {
            case TlsSecrets.Checked.Usable usable -> {
                lookAtEnd(said, field, name, usable.ends());
                yield Optional.of(new ServerCertificate(host, usable.chainPem(), usable.keyPem(), policy));
            }
            case TlsSecrets.Checked.Unusable(String reason, String remedy) -> {
                findings.error(said, field, "SecretInvalid", name + " " + reason + ".", remedy);
                yield Optional.empty();
            }
        };
    }

    private void lookAtEnd(Key said, String field, String name, Instant ends) {
        String day = ends.atOffset(ZoneOffset.UTC).toLocalDate().toString();
        if (!ends.isAfter(now)) {
            findings.warning(
                    said,
                    field,
                    "CertificateEnded",
                    name + " holds a certificate that ended on " + day + ", which clients refuse.",
                    "Put a new one in; the edge shows it at once.");
        } else if (ends.isBefore(now.plus(SOON))) {
            findings.warning(
                    said,
                    field,
                    "CertificateEndsSoon",
                    name + " holds a certificate that ends on " + day + ", in less than " + SOON.toDays() + " days.",
                    "Put a new one in; the edge shows it at once, and no connection is lost.");
        }
    }

    private TlsPolicy policy(Declared<Host> declared, Host host) {
        if (host.tls().isPresent()) {
            return policies.policy(declared.key(), "spec.tls", host.tls().get());
        }
        String namespace = declared.resource().namespace();
        String name = host.tlsContext().orElse(declared.resource().name() + "-context");
        Key key = Kinds.TLS_CONTEXT.key(namespace, name);
        Optional<TlsContext> context = declarations.find(key, TlsContext.class);
        if (context.isEmpty()) {
            boolean wanted =
                    host.tlsContext().isPresent() || declarations.resource(key).isPresent();
            if (wanted) {
                findings.error(
                        declared.key(),
                        "spec.tlsContext.name",
                        "ContextNotFound",
                        "TLSContext " + namespace + "/" + name
                                + " does not exist or cannot be read, so nobody is let in.",
                        "Create it, mend it, or name another one.");
            }
            return wanted ? TlsPolicy.CLOSED : TlsPolicy.OPEN;
        }
        contextsUsed.add(key);
        TlsContext found = context.get();
        if (found.secret().isPresent() && !found.secret().equals(host.tlsSecret())) {
            findings.warning(
                    key,
                    "spec.secret",
                    "NoEffect",
                    "spec.secret has no effect for " + declared.key() + ", whose tlsSecret is another one.",
                    "Name the same Secret in both, or none here.");
        }
        return policies.policy(key, "spec", found.settings());
    }

    /**
     * Those of TLSContexts for TCPMappings, by host, where no Host has one; and hosts that nobody may come in to, as what is
     * declared for them cannot be read and has to do with TLS.
     *
     * @param taken hosts that have one already
     */
    public List<ServerCertificate> ofOthers(Set<String> taken, Set<String> streams) {
        List<ServerCertificate> others = new ArrayList<>();
        Set<String> named = new HashSet<>(taken);
        for (Declared<Record> host : declarations.unreadable(Kinds.HOST)) {
            String name = hostname(host.resource());
            boolean tls = !host.resource().at("/spec/tls").isMissingNode()
                    || !host.resource().at("/spec/tlsContext").isMissingNode();
            if (tls && named.add(name)) {
                others.add(ServerCertificate.closed(name));
            }
        }
        for (Declared<TlsContext> declared : declarations.readable(Kinds.TLS_CONTEXT, TlsContext.class)) {
            ofContext(declared, named, streams).forEach(others::add);
        }
        return others;
    }

    private List<ServerCertificate> ofContext(Declared<TlsContext> declared, Set<String> named, Set<String> streams) {
        TlsContext context = declared.value().orElseThrow();
        List<String> own = context.hosts().stream().filter(streams::contains).toList();
        if (!contextsUsed.contains(declared.key()) && own.isEmpty()) {
            findings.warning(
                    declared.key(),
                    "spec.hosts",
                    "NoEffect",
                    "it has no effect: no Host names it, and no TCPMapping is for one of its hosts.",
                    "Write spec.tlsContext.name: " + declared.resource().name() + " in the Host.");
        }
        if (context.secret().isEmpty() || own.isEmpty()) {
            return List.of();
        }
        TlsPolicy policy = policies.policy(declared.key(), "spec", context.settings());
        return own.stream()
                .filter(named::add)
                .flatMap(host ->
                        certificate(
                                declared.key(), "spec.secret", context.secret().get(), host, policy)
                                .stream())
                .toList();
    }

    /** What a Host that cannot be read calls itself. */
    public static String hostname(Resource host) {
        return host.at("/spec/hostname").asString("*").toLowerCase(Locale.ROOT);
    }

    /** To be called when all are known. */
    public void forgetUnused() {
        secrets.forgetUnused();
    }

    /** What differs in what two hosts of one name ask for, so that one of them cannot be served. */
    public static boolean alike(Host one, Host other) {
        return one.tlsSecret().equals(other.tlsSecret())
                && one.tls().orElse(TlsSettings.NONE).equals(other.tls().orElse(TlsSettings.NONE))
                && one.tlsContext().equals(other.tlsContext());
    }
}
