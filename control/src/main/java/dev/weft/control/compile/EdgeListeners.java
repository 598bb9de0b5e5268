package dev.weft.control.compile;

import dev.weft.control.declared.Declarations;
import dev.weft.control.declared.Declared;
import dev.weft.control.declared.Findings;
import dev.weft.control.tls.EdgeCertificates;
import dev.weft.model.policy.AddressRange;
import dev.weft.model.problem.ResourceReference;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.EdgeStream;
import dev.weft.model.traffic.ServerCertificate;
import dev.weft.model.traffic.TlsPolicy;
import dev.weft.resources.Kinds;
import dev.weft.resources.emissary.Host;
import dev.weft.resources.emissary.Listener;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where the edge listens. With no Listener that can be used there is one for HTTP, and one for HTTPS as soon as a host has
 * a certificate; the first Listener that somebody declares switches both off.
 */
final class EdgeListeners {

    private final Declarations declarations;
    private final EdgeHosts hosts;
    private final EdgeCertificates certificates;
    private final EdgeOptions options;
    private final EdgeStreams streams;
    private final EdgeModules modules;
    private final Findings findings;
    private List<ServerCertificate> others = List.of(); // that belong to no Host

    EdgeListeners(
            Declarations declarations,
            EdgeHosts hosts,
            EdgeCertificates certificates,
            EdgeOptions options,
            EdgeStreams streams,
            EdgeModules modules,
            Findings findings) {
        this.modules = modules;
        this.streams = streams;
        this.declarations = declarations;
        this.hosts = hosts;
        this.certificates = certificates;
        this.options = options;
        this.findings = findings;
    }

    List<EdgeListener> listeners() {
        Map<Declared<Host>, ServerCertificate> certificates = this.certificates.ofHosts(hosts.all());
        others = this.certificates.ofOthers(
                certificates.values().stream().map(ServerCertificate::host).collect(Collectors.toSet()),
                streams.hosts());
        this.certificates.forgetUnused();
        List<Declared<Listener>> declared = new ArrayList<>(declarations.readable(Kinds.LISTENER, Listener.class));
        declared.sort(Declared.OLDEST_FIRST);
        Map<Integer, Declared<Listener>> byPort = new HashMap<>();
        Set<Declared<Host>> bound = new HashSet<>();
        List<EdgeListener> listeners = new ArrayList<>();
        for (Declared<Listener> listener : declared) {
            int port = options.port(listener.value().orElseThrow().port());
            Declared<Listener> other = byPort.putIfAbsent(port, listener);
            if (other != null) {
                findings.error(
                        listener.key(),
                        "spec.port",
                        "Conflict",
                        other.key() + " is older and listens on port " + port + " already.",
                        "Delete one of the two, or choose another port.");
                continue;
            }
            listeners.add(listener(listener, port, certificates, bound));
        }
        if (listeners.isEmpty()) {
            listeners.addAll(standard(all(certificates.values())));
        } else {
            noteUnbound(bound);
        }
        addPorts(listeners, all(certificates.values()));
        return listeners;
    }

    private List<ServerCertificate> all(Collection<ServerCertificate> ofHosts) {
        return Stream.concat(ofHosts.stream(), others.stream()).toList();
    }

    /** A TCPMapping needs no Listener on its port. */
    private void addPorts(List<EdgeListener> listeners, List<ServerCertificate> certificates) {
        Set<Integer> open = listeners.stream().map(EdgeListener::port).collect(Collectors.toSet());
        for (int port : streams.ports()) {
            if (!open.contains(port)) {
                listeners.add(listener(
                        "tcp-" + port, streams.source(port), port, false, certificates, false, 0, 0, List.of()));
            }
        }
    }

    /** With the streams of its port; it has certificates where it ends any TLS. */
    private EdgeListener listener(
            String name,
            ResourceReference source,
            int port,
            boolean tls,
            List<ServerCertificate> certificates,
            boolean requests,
            int trustedHops,
            int streamsMax,
            List<AddressRange> announcers) {
        Set<String> certified =
                certificates.stream().map(ServerCertificate::host).collect(Collectors.toSet());
        List<EdgeStream> own = streams.streams(port, certified, requests, tls);
        boolean ends = tls || own.stream().anyMatch(EdgeStream::endsTls);
        return new EdgeListener(
                name,
                source,
                options.address(),
                port,
                ends,
                ends ? mostSpecificFirst(certificates) : List.of(),
                own,
                requests,
                trustedHops,
                streamsMax,
                announcers);
    }

    private EdgeListener listener(
            Declared<Listener> declared,
            int port,
            Map<Declared<Host>, ServerCertificate> certificates,
            Set<Declared<Host>> bound) {
        Listener listener = declared.value().orElseThrow();
        List<ServerCertificate> own = new ArrayList<>(others);
        for (Declared<Host> host : hosts.all()) {
            if (binds(declared, host)) {
                bound.add(host);
                ServerCertificate certificate = certificates.get(host);
                if (certificate != null) {
                    own.add(certificate);
                }
            }
        }
        if (listener.tls() && own.isEmpty()) {
            findings.warning(
                    declared.key(),
                    "spec.protocol",
                    "NoCertificate",
                    "no Host with a usable tlsSecret is bound to it, so every TLS handshake is refused.",
                    "Create a Host with spec.tlsSecret, or write protocol: HTTP.");
        }
        own.addAll(elsewhere(own, certificates.values()));
        if (!listener.hostLabels().isEmpty()) {
            findings.warning(
                    declared.key(),
                    "spec.hostBinding.selector",
                    "NotSupportedYet",
                    "the selector chooses certificates only; every listener serves the routes of every host.",
                    "Expect hosts that it leaves out to be served here too.");
        }
        String name = listener.requests() ? name(listener.tls(), port) : "tcp-" + port;
        int hops = listener.trustedHops().orElse(modules.trustedHops());
        return listener(
                name,
                declared.key().reference(),
                port,
                listener.tls(),
                own,
                listener.requests(),
                hops,
                listener.streamsMax(),
                listener.announced() || (modules.announced() && listener.requests())
                        ? Announcers.of(declared, findings)
                        : List.of());
    }

    /** Every listener serves every host's routes: one that asks for certificates where it is bound is closed where it is not. */
    private static List<ServerCertificate> elsewhere(
            List<ServerCertificate> own, Collection<ServerCertificate> ofHosts) {
        Set<String> here = own.stream().map(ServerCertificate::host).collect(Collectors.toSet());
        return ofHosts.stream()
                .filter(each -> each.policy().clients() != TlsPolicy.Clients.ANYONE)
                .map(ServerCertificate::host)
                .filter(here::add)
                .map(ServerCertificate::closed)
                .toList();
    }

    private void noteUnbound(Set<Declared<Host>> bound) {
        for (Declared<Host> host : hosts.all()) {
            if (!bound.contains(host)) {
                findings.warning(
                        host.key(),
                        "",
                        "NoListener",
                        "no Listener's hostBinding takes it, so no listener shows its certificate.",
                        "Create a Listener with hostBinding: {namespace: {from: ALL}}.");
            }
        }
    }

    private List<EdgeListener> standard(List<ServerCertificate> certificates) {
        List<EdgeListener> listeners = new ArrayList<>();
        listeners.add(standard(false, options.httpPort(), List.of()));
        if (certificates.stream().anyMatch(each -> !each.closed())) {
            listeners.add(standard(true, options.httpsPort(), certificates));
        }
        return listeners;
    }

    private EdgeListener standard(boolean tls, int port, List<ServerCertificate> certificates) {
        ResourceReference source = Kinds.LISTENER.key("weft", "default").reference();
        List<AddressRange> announcers = modules.announced() ? Announcers.USUAL : List.of();
        return listener(name(tls, port), source, port, tls, certificates, true, modules.trustedHops(), 0, announcers);
    }

    private static boolean binds(Declared<Listener> declared, Declared<Host> host) {
        Listener listener = declared.value().orElseThrow();
        boolean namespace = listener.hostNamespaces() == Listener.HostNamespaces.ALL
                || declared.resource().namespace().equals(host.resource().namespace());
        return namespace
                && host.resource()
                        .labels()
                        .entrySet()
                        .containsAll(listener.hostLabels().entrySet());
    }

    private static List<ServerCertificate> mostSpecificFirst(List<ServerCertificate> certificates) {
        return certificates.stream()
                .sorted((a, b) -> EdgeHosts.MOST_SPECIFIC_FIRST.compare(a.host(), b.host()))
                .toList();
    }

    private static String name(boolean tls, int port) {
        return (tls ? "https-" : "http-") + port;
    }
}
