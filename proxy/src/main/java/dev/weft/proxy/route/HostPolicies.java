package dev.weft.proxy.route;

import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.ServerCertificate;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.traffic.TlsPolicy;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the hosts of one listener ask of their clients' handshakes, by host as the certificates are chosen. Immutable. */
public final class HostPolicies {

    private final HostMap<TlsPolicy> exact;
    private final HostMap<TlsPolicy> suffixes;
    private final TlsPolicy any;
    private final TlsPolicy unnamed;

    private HostPolicies(List<ServerCertificate> certificates) {
        Map<String, TlsPolicy> names = new LinkedHashMap<>();
        Map<String, TlsPolicy> endings = new LinkedHashMap<>();
        for (ServerCertificate each : certificates) {
            String host = each.host().toLowerCase(Locale.ROOT);
            boolean ending = host.startsWith("*");
            (ending ? endings : names).putIfAbsent(ending ? host.substring(1) : host, each.policy());
        }
        this.any = endings.getOrDefault("", TlsPolicy.OPEN);
        endings.remove("");
        this.exact = new HostMap<>(names);
        this.suffixes = new HostMap<>(endings);
        this.unnamed = certificates.stream()
                .filter(each -> !each.closed())
                .findFirst()
                .orElse(certificates.getFirst())
                .policy();
    }

    /** Of those listeners, by name, whose hosts ask for different things; most have none. */
    public static Map<String, HostPolicies> of(Snapshot snapshot) {
        Map<String, HostPolicies> differing = new HashMap<>();
        for (EdgeListener listener : snapshot.edge()) {
            List<ServerCertificate> certificates = listener.certificates().stream()
                    .filter(each -> !each.forChallenge()) // no request comes over such a connection
                    .toList();
            if (certificates.stream().anyMatch(each -> !each.policy().equals(TlsPolicy.OPEN))) {
                differing.put(listener.name(), new HostPolicies(certificates));
            }
        }
        return Map.copyOf(differing);
    }

    /** What the host of this request asks for. */
    public TlsPolicy of(HeadView head) {
        byte[] bytes = head.bytes();
        int from = head.authorityStart();
        return find(bytes, from, Authority.hostEnd(bytes, from, head.authorityEnd()));
    }

    /** What handshakes for this server name keep to; empty for none. */
    public TlsPolicy of(String serverName) {
        byte[] name = serverName.getBytes(StandardCharsets.ISO_8859_1);
        return name.length == 0 ? unnamed : find(name, 0, name.length);
    }

    /** Whether the host of this request is for those alone who proved themselves in their handshake, or for nobody. */
    public boolean insists(HeadView head) {
        return switch (of(head).clients()) {
            case REQUIRED, NOBODY -> true;
            case ASKED, ANYONE -> false;
        };
    }

    /** Ciphers and protocols within say nothing of who may come in. */
    public static boolean alike(TlsPolicy one, TlsPolicy other) {
        return one.clients() == other.clients()
                && one.least() == other.least()
                && one.authoritiesPem().equals(other.authoritiesPem())
                && one.revokedPem().equals(other.revokedPem());
    }

    /** The exact name's, else the longest {@code *.suffix}'s, else {@code *}'s. */
    private TlsPolicy find(byte[] bytes, int from, int end) {
        int index = exact.find(bytes, from, end);
        if (index != HostMap.ABSENT) {
            return exact.value(index);
        }
        for (int i = from + 1; i < end && !suffixes.isEmpty(); i++) {
            int found = bytes[i] == '.' ? suffixes.find(bytes, i, end) : HostMap.ABSENT;
            if (found != HostMap.ABSENT) {
                return suffixes.value(found);
            }
        }
        return any;
    }
}
