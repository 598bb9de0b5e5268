package dev.weft.control.compile;

import dev.weft.control.declared.Declarations;
import dev.weft.control.declared.Declared;
import dev.weft.control.declared.Findings;
import dev.weft.control.tls.EdgeCertificates;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.problem.ResourceReference;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.HeaderMatch;
import dev.weft.model.traffic.Match;
import dev.weft.model.traffic.PathMatch;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.model.traffic.Rule;
import dev.weft.resources.Kinds;
import dev.weft.resources.emissary.Host;
import dev.weft.resources.emissary.Listener;
import dev.weft.resources.emissary.Mapping;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the edge serves, by host pattern. For one name, Emissary's mappings are tried before a Knative route; a host that
 * is more specific always wins over one that is less, whoever declared it.
 */
final class EdgeFrontends {

    /** The edge itself says by which scheme a request came; what a client says there is overwritten. */
    private static final String SCHEME_HEADER = "x-forwarded-proto";

    private static final String ACME = "/.well-known/acme-challenge/";

    /** What becomes of requests of clear text; only certificate challenges pass before it. */
    private enum ClearText {
        SERVED,
        REDIRECTED,
        REJECTED,
        /** As what comes by TLS is: nobody is let in to the host. */
        CLOSED
    }

    private final EdgeHosts hosts;
    private final EdgeCertificates certificates;
    private final MappingRules rules;
    private final Findings findings;
    private final Map<String, List<Declared<Mapping>>> byPattern = new LinkedHashMap<>();
    private final List<Declared<Mapping>> broad = new ArrayList<>();
    private final boolean everythingSecure;
    private final boolean redirectsClearText;
    private final String httpsPort;

    EdgeFrontends(
            Declarations declarations,
            EdgeHosts hosts,
            EdgeCertificates certificates,
            List<EdgeListener> listeners,
            MappingRules rules,
            EdgeModules modules,
            Findings findings) {
        this.redirectsClearText =
                modules.redirectsClearText() && listeners.stream().anyMatch(EdgeListener::tls);
        this.httpsPort = httpsPort(listeners);
        this.hosts = hosts;
        this.certificates = certificates;
        this.rules = rules;
        this.findings = findings;
        this.everythingSecure = everythingSecure(declarations, findings);
        hosts.all().forEach(host -> byPattern.put(host.value().orElseThrow().hostname(), new ArrayList<>()));
        List<Declared<Mapping>> mappings = new ArrayList<>(declarations.readable(Kinds.MAPPING, Mapping.class));
        mappings.sort(Declared.OLDEST_FIRST);
        mappings.forEach(mapping -> place(modules.complete(mapping)));
    }

    /** @param knative frontends of Knative's routes, whose hosts are exact */
    List<Frontend> frontends(List<Frontend> knative) {
        Map<String, Frontend> byHost = new LinkedHashMap<>();
        byPattern.forEach((pattern, mappings) -> byHost.put(pattern, frontend(pattern, mappings)));
        List<Frontend> frontends = new ArrayList<>();
        for (Frontend route : knative) {
            Map<ClearText, List<String>> free = new EnumMap<>(ClearText.class);
            for (String host : route.hosts()) {
                if (byHost.computeIfPresent(host, (_, taken) -> then(taken, route)) == null) {
                    free.computeIfAbsent(clearText(host), _ -> new ArrayList<>())
                            .add(host);
                }
            }
            free.forEach((clearText, names) -> frontends.add(
                    guarded(new Frontend(names.getFirst(), route.source(), names, route.rules()), clearText)));
        }
        byHost.forEach((pattern, frontend) -> frontends.add(guarded(frontend, clearText(pattern))));
        frontends.sort(Comparator.comparing(frontend -> frontend.hosts().getFirst(), EdgeHosts.MOST_SPECIFIC_FIRST));
        return frontends;
    }

    private void place(Declared<Mapping> declared) {
        Mapping mapping = declared.value().orElseThrow();
        if (mapping.hostname().endsWith(".*")) {
            findings.error(
                    declared.key(),
                    "spec.hostname",
                    "NotSupportedYet",
                    "a * at the end of a hostname is not supported yet.",
                    "Name the hosts one by one.");
            return;
        }
        List<String> patterns = hosts.patterns(declared);
        if (patterns.isEmpty()) {
            boolean nameless = mapping.hostname().isEmpty();
            findings.error(
                    declared.key(),
                    "spec.hostname",
                    "NoHost",
                    nameless
                            ? "it has no hostname, and no Host selects its labels, so it serves nothing."
                            : "no Host covers hostname \"" + mapping.hostname() + "\", so it serves nothing.",
                    nameless
                            ? "Write spec.hostname, for example \"*\"."
                            : "Create a Host with hostname \"" + mapping.hostname() + "\" or \"*\".");
            return;
        }
        patterns.forEach(pattern ->
                byPattern.computeIfAbsent(pattern, any -> new ArrayList<>()).add(declared));
        if (mapping.hostname().isEmpty() || mapping.hostname().contains("*")) {
            broad.add(declared);
        }
    }

    private Frontend frontend(String pattern, List<Declared<Mapping>> placed) {
        Optional<List<Declared<Host>>> owners = hosts.owner(pattern);
        Set<Declared<Mapping>> members = new HashSet<>(placed);
        broad.stream().filter(mapping -> reaches(mapping, pattern, owners)).forEach(members::add);
        Map<MappingOrder.Group, List<Declared<Mapping>>> groups = new LinkedHashMap<>();
        members.stream()
                .sorted(Declared.OLDEST_FIRST)
                .forEach(member -> groups.computeIfAbsent(
                                MappingOrder.Group.of(member.value().orElseThrow()), any -> new ArrayList<>())
                        .add(member));
        List<Rule> ordered = new ArrayList<>();
        groups.values().stream()
                .sorted((a, b) -> MappingOrder.FIRST_WINS.compare(
                        a.getFirst().value().orElseThrow(), b.getFirst().value().orElseThrow()))
                .forEach(group -> rules.rule(group).ifPresent(ordered::add));
        ResourceReference source = owners.filter(list -> !list.isEmpty())
                .map(list -> list.getFirst().key().reference())
                .orElseGet(() -> placed.getFirst().key().reference());
        return new Frontend(pattern, source, List.of(pattern), ordered);
    }

    /** Whether a mapping with a host pattern serves a more specific name too. */
    private static boolean reaches(Declared<Mapping> mapping, String pattern, Optional<List<Declared<Host>>> owners) {
        String hostname = mapping.value().orElseThrow().hostname();
        boolean covered = hostname.isEmpty() || EdgeHosts.covers(hostname, pattern);
        return covered
                && owners.map(list -> list.stream().anyMatch(host -> EdgeHosts.takes(host, mapping)))
                        .orElse(!hostname.isEmpty());
    }

    /** What the host that answers for a pattern wants; where nobody declared one, everything is served. */
    private ClearText clearText(String pattern) {
        Optional<List<Declared<Host>>> owners = hosts.owner(pattern);
        if (owners.filter(list -> list.isEmpty() || list.stream().anyMatch(this::closed))
                .isPresent()) {
            return ClearText.CLOSED;
        }
        if (everythingSecure) {
            return ClearText.SERVED;
        }
        return switch (owners.map(list -> list.getFirst().value().orElseThrow().insecure())
                .orElse(Host.InsecureAction.ROUTE)) {
            case ROUTE -> redirectsClearText ? ClearText.REDIRECTED : ClearText.SERVED;
            case REDIRECT -> ClearText.REDIRECTED;
            case REJECT -> ClearText.REJECTED;
        };
    }

    private boolean closed(Declared<Host> host) {
        return certificates.closed(host.value().orElseThrow().hostname());
    }

    private Frontend guarded(Frontend frontend, ClearText clearText) {
        List<Rule> rules = frontend.rules();
        List<Rule> challenges = rules.stream().filter(EdgeFrontends::challenge).toList();
        List<Rule> guarded = switch (clearText) {
            case SERVED -> rules;
            case CLOSED -> challenges;
            case REJECTED ->
                rules.stream()
                        .map(rule -> challenge(rule) ? rule : onlySecure(rule))
                        .toList();
            case REDIRECTED -> {
                List<Rule> all = new ArrayList<>(challenges);
                all.add(redirect(frontend.source(), 301, Set.of("GET", "HEAD")));
                all.add(redirect(frontend.source(), 308, Set.of()));
                rules.stream().filter(rule -> !challenge(rule)).forEach(all::add);
                yield all;
            }
        };
        return new Frontend(frontend.name(), frontend.source(), frontend.hosts(), guarded);
    }

    private static boolean challenge(Rule rule) {
        return rule.matches().stream().anyMatch(match -> match.path().equals(new PathMatch.Prefix(ACME)));
    }

    /** 308 keeps a request's method and body; for the rest 301 is what every client knows. */
    private Rule redirect(ResourceReference source, int status, Set<String> methods) {
        Match clearText =
                new Match(new PathMatch.Prefix("/"), methods, List.of(new HeaderMatch.Exact(SCHEME_HEADER, "http")));
        return new Rule(
                source + " (to HTTPS, " + status + ")",
                source,
                List.of(clearText),
                List.of(new RouteFilter.Redirect(status, "https", httpsPort, "")),
                List.of(),
                Timeouts.ofRequest(Duration.ZERO),
                RetryPolicy.NONE);
    }

    /** Where HTTPS is served, as a location needs it; nothing for its own port. */
    private static String httpsPort(List<EdgeListener> listeners) {
        return listeners.stream()
                .filter(listener -> listener.tls() && listener.port() != 443)
                .findFirst()
                .map(listener -> ":" + listener.port())
                .orElse("");
    }

    private static Rule onlySecure(Rule rule) {
        List<Match> matches = new ArrayList<>();
        for (Match match : rule.matches().isEmpty() ? List.of(Match.EVERYTHING) : rule.matches()) {
            List<HeaderMatch> headers = new ArrayList<>(match.headers());
            headers.add(new HeaderMatch.Exact(SCHEME_HEADER, "https"));
            matches.add(new Match(match.path(), match.methods(), headers));
        }
        return new Rule(
                rule.name(),
                rule.source(),
                matches,
                rule.filters(),
                rule.backends(),
                rule.timeouts(),
                rule.retry(),
                rule.traffic());
    }

    private static Frontend then(Frontend first, Frontend second) {
        List<Rule> rules = new ArrayList<>(first.rules());
        rules.addAll(second.rules());
        return new Frontend(first.name(), first.source(), first.hosts(), rules);
    }

    private static boolean everythingSecure(Declarations declarations, Findings findings) {
        List<Declared<Listener>> clear = declarations.readable(Kinds.LISTENER, Listener.class).stream()
                .filter(listener -> !listener.value().orElseThrow().tls())
                .toList();
        List<Declared<Listener>> secure = clear.stream()
                .filter(listener -> listener.value().orElseThrow().securityModel() == Listener.SecurityModel.SECURE)
                .toList();
        if (!secure.isEmpty() && secure.size() < clear.size()) {
            secure.forEach(listener -> findings.warning(
                    listener.key(),
                    "spec.securityModel",
                    "NotSupportedYet",
                    "SECURE has an effect only when all listeners of clear text have it.",
                    "Give all of them the same."));
        }
        return !clear.isEmpty() && secure.size() == clear.size();
    }
}
