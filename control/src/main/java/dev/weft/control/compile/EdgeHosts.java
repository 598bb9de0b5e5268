package dev.weft.control.compile;

import dev.weft.control.declared.Declarations;
import dev.weft.control.declared.Declared;
import dev.weft.control.declared.Findings;
import dev.weft.control.tls.EdgeCertificates;
import dev.weft.resources.Kinds;
import dev.weft.resources.emissary.Host;
import dev.weft.resources.emissary.HostGlob;
import dev.weft.resources.emissary.Mapping;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The edge's hosts, and which mapping belongs to which. */
final class EdgeHosts {

    /** Exact names, then longer suffixes before shorter ones, then {@code *}. */
    static final Comparator<String> MOST_SPECIFIC_FIRST = Comparator.comparing((String host) -> host.startsWith("*"))
            .thenComparingInt(host -> host.startsWith("*") ? -host.length() : 0)
            .thenComparing(host -> host);

    private final List<Declared<Host>> all = new ArrayList<>();
    private final Map<String, List<Declared<Host>>> byName = new LinkedHashMap<>();
    private final List<String> globs = new ArrayList<>();
    private final boolean implicit;

    EdgeHosts(Declarations declarations, Findings findings) {
        List<Declared<Host>> hosts = new ArrayList<>(declarations.readable(Kinds.HOST, Host.class));
        hosts.sort(Declared.OLDEST_FIRST);
        List<Declared<Record>> unreadable = declarations.unreadable(Kinds.HOST);
        this.implicit = hosts.isEmpty() && unreadable.isEmpty();
        for (Declared<Host> declared : hosts) {
            Host host = declared.value().orElseThrow();
            if (host.hostname().endsWith(".*")) {
                findings.error(
                        declared.key(),
                        "spec.hostname",
                        "NotSupportedYet",
                        "a * at the end of a hostname is not supported yet.",
                        "Name the hosts one by one.");
                continue;
            }
            List<Declared<Host>> same = byName.computeIfAbsent(host.hostname(), any -> new ArrayList<>());
            if (conflicts(same, host)) {
                findings.error(
                        declared.key(),
                        "spec.hostname",
                        "Conflict",
                        same.getFirst().key() + " is older and treats \"" + host.hostname() + "\" differently.",
                        "Give both the same tlsSecret, tls or tlsContext, and the same insecure action, or delete one.");
                continue;
            }
            same.add(declared);
            all.add(declared);
        }
        for (Declared<Record> host : unreadable) { // its names are nobody else's meanwhile
            byName.computeIfAbsent(EdgeCertificates.hostname(host.resource()), any -> new ArrayList<>());
        }
        byName.keySet().stream()
                .filter(name -> name.startsWith("*"))
                .sorted(MOST_SPECIFIC_FIRST)
                .forEach(globs::add);
    }

    List<Declared<Host>> all() {
        return all;
    }

    /** True when nobody declared a host: then every name is served, in clear text too. */
    boolean implicit() {
        return implicit;
    }

    /** The host patterns under which the mapping is served; none when no host takes it. */
    List<String> patterns(Declared<Mapping> declared) {
        Mapping mapping = declared.value().orElseThrow();
        if (implicit) {
            return mapping.hostname().isEmpty() ? List.of() : List.of(mapping.hostname());
        }
        List<String> patterns = new ArrayList<>();
        boolean exact = !mapping.hostname().isEmpty() && !mapping.hostname().contains("*");
        if (exact) {
            owner(mapping.hostname())
                    .filter(owners -> owners.stream().anyMatch(host -> takes(host, declared)))
                    .ifPresent(owners -> patterns.add(mapping.hostname()));
            return patterns;
        }
        byName.forEach((name, owners) -> {
            if (owners.stream().anyMatch(host -> takes(host, declared))) {
                patterns.add(narrower(name, mapping.hostname()));
            }
        });
        return patterns.stream().distinct().toList();
    }

    /** The hosts that answer for a pattern: those with the most specific name that covers it. */
    Optional<List<Declared<Host>>> owner(String pattern) {
        List<Declared<Host>> same = byName.get(pattern);
        if (same != null) {
            return Optional.of(same);
        }
        return globs.stream()
                .filter(glob -> covers(glob, pattern))
                .findFirst()
                .map(glob -> byName.getOrDefault(glob, List.of()));
    }

    /** Emissary's table: with a selector its labels must match, with a hostname the names must meet; with neither, no. */
    static boolean takes(Declared<Host> declared, Declared<Mapping> mapping) {
        Host host = declared.value().orElseThrow();
        String hostname = mapping.value().orElseThrow().hostname();
        Map<String, String> wanted = host.mappingLabels();
        boolean labels = mapping.resource().labels().entrySet().containsAll(wanted.entrySet());
        if (hostname.isEmpty()) {
            return !wanted.isEmpty() && labels;
        }
        return HostGlob.meet(host.hostname(), hostname) && labels;
    }

    /** Whether every name that {@code inner} matches is matched by {@code outer}. */
    static boolean covers(String outer, String inner) {
        if (outer.equals("*") || outer.equals(inner)) {
            return true;
        }
        return outer.startsWith("*") && inner.endsWith(outer.substring(1)) && inner.length() >= outer.length();
    }

    private static String narrower(String host, String mapping) {
        if (mapping.isEmpty()) {
            return host;
        }
        return covers(host, mapping) ? mapping : host;
    }

    private static boolean conflicts(List<Declared<Host>> same, Host host) {
        return same.stream()
                .map(other -> other.value().orElseThrow())
                .anyMatch(other -> !EdgeCertificates.alike(other, host) || other.insecure() != host.insecure());
    }
}
