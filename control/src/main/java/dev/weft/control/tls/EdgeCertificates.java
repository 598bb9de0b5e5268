package dev.weft.control.tls;

import dev.weft.control.acme.CertificateSecrets;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The certificates of the edge's hosts, and what each host asks of its clients. */
public final class EdgeCertificates {

    private final Declarations declarations;
    private final TlsSecrets secrets;
    private final ClientPolicies policies;
    private final Findings findings;
    private final Ends ends;
    private final Map<String, Set<Key>> contexts = new HashMap<>(); // by the host whose Hosts name them
    private final Set<String> closed = new HashSet<>();

    public EdgeCertificates(Declarations declarations, TlsSecrets secrets, Findings findings, Instant now) {
        this.declarations = declarations;
        this.secrets = secrets;
        this.findings = findings;
        this.ends = new Ends(findings, now);
        this.policies = new ClientPolicies(declarations, secrets, ends, findings);
    }

    /** Those of these hosts; a host without one speaks clear text alone. */
    public Map<Declared<Host>, ServerCertificate> ofHosts(List<Declared<Host>> hosts) {
        Map<Declared<Host>, ServerCertificate> certificates = new LinkedHashMap<>();
        Map<Declared<Host>, TlsPolicy> wanted = new LinkedHashMap<>();
        hosts.forEach(host -> wanted.put(host, policy(host, host.value().orElseThrow())));
        Set<String> contested = contested(wanted);
        wanted.forEach((host, policy) -> {
            String name = host.value().orElseThrow().hostname();
            Optional<ServerCertificate> own = ofHost(host, policy);
            (contested.contains(name) ? Optional.of(ServerCertificate.closed(name)) : own)
                    .ifPresent(certificate -> certificates.put(host, certificate));
        });
        certificates.values().stream()
                .filter(ServerCertificate::closed)
                .map(ServerCertificate::host)
                .forEach(closed::add);
        return certificates;
    }

    /** Whether nobody is let in to a Host of this name, whatever it says of clear text. */
    public boolean closed(String hostname) {
        return closed.contains(hostname);
    }

    /** Names whose Hosts ask for different things, as their contexts do, so that nobody can tell who may come in. */
    private Set<String> contested(Map<Declared<Host>, TlsPolicy> wanted) {
        Map<String, Declared<Host>> oldest = new HashMap<>();
        Set<String> contested = new HashSet<>();
        wanted.forEach((host, policy) -> {
            String name = host.value().orElseThrow().hostname();
            Declared<Host> older = oldest.putIfAbsent(name, host);
            if (older == null) {
                return;
            }
            TlsPolicy other = wanted.getOrDefault(older, TlsPolicy.CLOSED);
            if (!other.equals(policy)) {
                boolean asks = asks(policy) || asks(other);
                findings.error(
                        host.key(),
                        "spec.tlsContext",
                        "Conflict",
                        older.key() + " is older and asks for something else in handshakes for \"" + name + "\""
                                + (asks ? ", so nobody is let in." : ", which is what counts."),
                        "Give both the same TLSContext, or delete one.");
                if (asks) {
                    contested.add(name);
                }
            }
        });
        return contested;
    }

    private static boolean asks(TlsPolicy policy) {
        return policy.clients() != TlsPolicy.Clients.ANYONE;
    }

    private Optional<ServerCertificate> ofHost(Declared<Host> declared, TlsPolicy policy) {
        Host host = declared.value().orElseThrow();
        Key key = declared.key();
        host.acmeRefusal()
                .ifPresent(why -> findings.error(
                        key,
                        "spec.acmeProvider",
                        "AuthorityNotAsked",
                        "no certificate is asked for: " + why,
                        "Put one that was issued elsewhere into the tlsSecret, with acmeProvider: {authority: none}."));
        if (host.tlsSecret().isEmpty()) {
            if (!policy.equals(TlsPolicy.OPEN)) {
                findings.error(
                        key,
                        "spec.tlsSecret",
                        "CertificateMissing",
                        "it asks for something in TLS handshakes, but has no certificate to shake hands with.",
                        "Write tlsSecret.");
            }
            return closedIf(asks(policy), host.hostname());
        }
        SecretReference secret = host.tlsSecret().get();
        if (host.asksAuthority() && declarations.resource(secret(secret)).isEmpty()) {
            return closedIf(asks(policy), host.hostname()); // until there is one, which the Host's status says
        }
        Optional<ServerCertificate> certificate =
                certificate(key, "spec.tlsSecret.name", secret, host.hostname(), policy);
        return certificate.or(() -> closedIf(asks(policy), host.hostname()));
    }

    private static Key secret(SecretReference reference) {
        return Kinds.SECRET.key(reference.namespace(), reference.name());
    }

    private static Optional<ServerCertificate> closedIf(boolean asks, String host) {
        return asks ? Optional.of(ServerCertificate.closed(host)) : Optional.empty();
    }

    private Optional<ServerCertificate> certificate(
            Key said, String field, SecretReference reference, String host, TlsPolicy policy) {
        String name = "Secret " + reference.namespace() + "/" + reference.name();
        var found = declarations.find(secret(reference), Secret.class);
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
                if (!CertificateSecrets.kept(found.get().resource())) {
                    ends.look(said, field, name + " holds a certificate", usable.ends(), "clients refuse it");
                }
                yield Optional.of(new ServerCertificate(host, usable.chainPem(), usable.keyPem(), policy));
            }
            case TlsSecrets.Checked.Unusable(String reason, String remedy) -> {
                findings.error(said, field, "SecretInvalid", name + " " + reason + ".", remedy);
                yield Optional.empty();
            }
        };
    }

    private TlsPolicy policy(Declared<Host> declared, Host host) {
        Set<Key> named = contexts.computeIfAbsent(host.hostname(), _ -> new HashSet<>());
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
        named.add(key);
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
        Map<String, ServerCertificate> ofContexts = new LinkedHashMap<>();
        for (Declared<Record> context : declarations.unreadable(Kinds.TLS_CONTEXT)) {
            context.resource().at("/spec/hosts").forEach(host -> {
                String name = host.asString("").toLowerCase(Locale.ROOT);
                if (streams.contains(name) && !named.contains(name)) {
                    ofContexts.put(name, ServerCertificate.closed(name));
                }
            });
        }
        for (Declared<TlsContext> declared : declarations.readable(Kinds.TLS_CONTEXT, TlsContext.class)) {
            List<String> own = declared.value().orElseThrow().hosts().stream()
                    .filter(streams::contains)
                    .toList();
            noteUnnamed(declared, own.isEmpty());
            ofContext(
                            declared,
                            own.stream().filter(host -> !named.contains(host)).toList())
                    .forEach(certificate -> ofContexts.merge(
                            certificate.host(), certificate, (first, second) -> either(declared.key(), first, second)));
        }
        others.addAll(ofContexts.values());
        return others;
    }

    /** Of a context, for hosts that are its alone; a host that asks for certificates is never passed on as it comes. */
    private List<ServerCertificate> ofContext(Declared<TlsContext> declared, List<String> own) {
        TlsContext context = declared.value().orElseThrow();
        if (own.isEmpty()) {
            return List.of();
        }
        TlsPolicy policy = policies.policy(declared.key(), "spec", context.settings());
        if (context.secret().isEmpty() && asks(policy)) {
            findings.error(
                    declared.key(),
                    "spec.secret",
                    "CertificateMissing",
                    "TCPMappings' clients are asked for certificates, but there is none to shake hands with, so nobody is"
                            + " let in.",
                    "Write secret.");
        }
        return own.stream()
                .flatMap(host -> context
                        .secret()
                        .flatMap(secret -> certificate(declared.key(), "spec.secret", secret, host, policy))
                        .or(() -> closedIf(asks(policy), host))
                        .stream())
                .toList();
    }

    /** What two contexts make of one host; the first, where they let in the same. */
    private ServerCertificate either(Key second, ServerCertificate first, ServerCertificate other) {
        if (first.policy().equals(other.policy()) || !(asks(first.policy()) || asks(other.policy()))) {
            return first;
        }
        findings.error(
                second,
                "spec.hosts",
                "Conflict",
                "another TLSContext asks clients of \"" + first.host() + "\" for something else, so nobody is let in.",
                "Leave the host out of one of the two.");
        return ServerCertificate.closed(first.host());
    }

    private void noteUnnamed(Declared<TlsContext> declared, boolean noStream) {
        TlsContext context = declared.value().orElseThrow();
        String remedy = "Write spec.tlsContext.name: " + declared.resource().name() + " in the Host.";
        List<String> unnamed = context.hosts().stream()
                .filter(host -> contexts.containsKey(host)
                        && !contexts.getOrDefault(host, Set.of()).contains(declared.key()))
                .toList();
        if (context.settings().asks() && !unnamed.isEmpty()) {
            findings.error(
                    declared.key(),
                    "spec.hosts",
                    "NotNamed",
                    "no Host of " + String.join(", ", unnamed)
                            + " names it, so clients there are not asked for the certificates that it wants.",
                    remedy);
        } else if (noStream && contexts.values().stream().noneMatch(named -> named.contains(declared.key()))) {
            findings.warning(
                    declared.key(),
                    "spec.hosts",
                    "NoEffect",
                    "it has no effect: no Host names it, and no TCPMapping is for one of its hosts.",
                    remedy);
        }
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
