package dev.weft.control.compile;

import dev.weft.control.declared.Declared;
import dev.weft.control.declared.Findings;
import dev.weft.model.traffic.HeaderMatch;
import dev.weft.model.traffic.Match;
import dev.weft.model.traffic.PathMatch;
import dev.weft.model.traffic.QueryMatch;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.resources.emissary.CorsPolicy;
import dev.weft.resources.emissary.HeaderEdit;
import dev.weft.resources.emissary.Mapping;
import dev.weft.resources.emissary.RegexEdit;
import dev.weft.resources.reading.HeaderSyntax;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What one mapping matches, and what it changes in the messages that pass. */
final class MappingEdits {

    private final Optional<CorsPolicy> standardCors;
    private final Findings findings;

    /** @param standardCors for mappings that say nothing of it */
    MappingEdits(Optional<CorsPolicy> standardCors, Findings findings) {
        this.standardCors = standardCors;
        this.findings = findings;
    }

    static Match match(Mapping mapping) {
        List<HeaderMatch> headers = new ArrayList<>();
        new TreeMap<>(mapping.headers()).forEach((name, value) -> headers.add(new HeaderMatch.Exact(name, value)));
        new TreeMap<>(mapping.regexHeaders())
                .forEach((name, expression) -> headers.add(
                        expression.equals(".*")
                                ? new HeaderMatch.Present(name)
                                : new HeaderMatch.Regex(name, expression)));
        if (mapping.methodRegex() && !mapping.method().isEmpty()) {
            headers.add(new HeaderMatch.Regex(":method", mapping.method()));
        }
        List<QueryMatch> queries = new ArrayList<>();
        new TreeMap<>(mapping.queries()).forEach((name, value) -> queries.add(new QueryMatch.Exact(name, value)));
        new TreeMap<>(mapping.regexQueries())
                .forEach((name, expression) -> queries.add(new QueryMatch.Regex(name, expression)));
        boolean anyMethod = mapping.method().isEmpty() || mapping.methodRegex();
        return new Match(path(mapping), anyMethod ? Set.of() : Set.of(mapping.method()), headers, queries);
    }

    private static PathMatch path(Mapping mapping) {
        String prefix = mapping.prefix();
        boolean anyCase = !mapping.caseSensitive();
        return switch (mapping.pathKind()) {
            case PREFIX -> anyCase ? new PathMatch.Regex(anyCase(prefix), false) : new PathMatch.Prefix(prefix);
            case EXACT -> anyCase ? new PathMatch.Regex(anyCase(prefix), true) : new PathMatch.Exact(prefix);
            case REGEX -> new PathMatch.Regex((anyCase ? "(?i)" : "") + prefix, true);
        };
    }

    /** @param host the backend's own name */
    List<RouteFilter> filters(Declared<Mapping> declared, Mapping mapping, String host) {
        List<RouteFilter> filters = new ArrayList<>();
        if (mapping.redirect().isPresent()) {
            redirect(mapping, mapping.redirect().get(), filters);
            return filters;
        }
        if (!mapping.allowUpgrade().isEmpty()) {
            filters.add(new RouteFilter.AllowUpgrade(mapping.allowUpgrade()));
        }
        rewrite(mapping, mapping.rewrite(), mapping.regexRewrite()).ifPresent(filters::add);
        mapping.hostRewrite()
                .or(() -> mapping.autoHostRewrite() && !host.isEmpty() ? Optional.of(host) : Optional.empty())
                .ifPresent(name -> filters.add(new RouteFilter.RewriteHost(name)));
        if (mapping.linkerdHeaders().orElse(false)) {
            target(mapping).ifPresent(to -> filters.add(new RouteFilter.SetRequestHeader("l5d-dst-override", to)));
        }
        for (HeaderEdit edit : sound(declared, "spec.add_request_headers", mapping.addRequestHeaders())) {
            checkOperators(declared, "spec.add_request_headers", edit);
            filters.add(
                    edit.append()
                            ? new RouteFilter.AddRequestHeader(edit.name(), edit.value())
                            : new RouteFilter.SetRequestHeader(edit.name(), edit.value()));
        }
        mapping.removeRequestHeaders().stream()
                .filter(name -> sound(declared, "spec.remove_request_headers", name, HeaderSyntax.problem(name)))
                .forEach(name -> filters.add(new RouteFilter.RemoveRequestHeader(name)));
        for (HeaderEdit edit : sound(declared, "spec.add_response_headers", mapping.addResponseHeaders())) {
            checkOperators(declared, "spec.add_response_headers", edit);
            filters.add(
                    edit.append()
                            ? new RouteFilter.AddResponseHeader(edit.name(), edit.value())
                            : new RouteFilter.SetResponseHeader(edit.name(), edit.value()));
        }
        mapping.removeResponseHeaders().stream()
                .filter(name -> sound(declared, "spec.remove_response_headers", name, HeaderSyntax.problem(name)))
                .forEach(name -> filters.add(new RouteFilter.RemoveResponseHeader(name)));
        mapping.cors().or(() -> standardCors).ifPresent(cors -> filters.add(cors(cors)));
        return filters;
    }

    private static Optional<String> target(Mapping mapping) {
        try {
            ServiceAddress address = ServiceAddress.parse(mapping.service());
            return Optional.of(address.host() + ":" + address.port());
        } catch (IllegalArgumentException _) {
            return Optional.empty(); // which is noted with the backend
        }
    }

    private static void redirect(Mapping mapping, Mapping.Redirect redirect, List<RouteFilter> filters) {
        if (redirect.path().isEmpty()) {
            rewrite(mapping, redirect.prefix(), redirect.regex()).ifPresent(filters::add);
        }
        filters.add(new RouteFilter.Redirect(redirect.status(), "", mapping.service(), redirect.path()));
    }

    /** A whole path that an expression matched is replaced whole, as in Envoy. */
    private static Optional<RouteFilter> rewrite(Mapping mapping, String replacement, Optional<RegexEdit> regex) {
        if (regex.isPresent()) {
            return Optional.of(new RouteFilter.RewriteRegex(
                    regex.get().pattern(), regex.get().substitution()));
        }
        if (replacement.isEmpty()) {
            return Optional.empty();
        }
        String literal = replacement.replace("\\", "\\\\");
        if (mapping.pathKind() == Mapping.PathKind.REGEX) {
            return Optional.of(new RouteFilter.RewriteRegex("^.*$", literal));
        }
        if (!mapping.caseSensitive()) {
            String slash = replacement.endsWith("/") ? "/?" : "";
            return Optional.of(new RouteFilter.RewriteRegex("^" + anyCase(mapping.prefix()) + slash, literal));
        }
        return Optional.of(new RouteFilter.RewritePrefix(mapping.prefix(), replacement));
    }

    private static String anyCase(String text) {
        return "(?i)" + text.replaceAll("[^A-Za-z0-9/_~-]", "\\\\$0");
    }

    private static RouteFilter cors(CorsPolicy cors) {
        return new RouteFilter.Cors(
                cors.origins(),
                cors.methods(),
                cors.headers(),
                cors.exposedHeaders(),
                cors.credentials(),
                cors.maxAge());
    }

    private List<HeaderEdit> sound(Declared<Mapping> declared, String field, List<HeaderEdit> edits) {
        return edits.stream()
                .filter(edit -> sound(declared, field, edit.name(), HeaderSyntax.problem(edit.name(), edit.value())))
                .toList();
    }

    private boolean sound(Declared<Mapping> declared, String field, String name, Optional<String> problem) {
        problem.ifPresent(why -> findings.error(
                declared.key(),
                field,
                "HeaderInvalid",
                "\"" + name + "\" " + why + ", so this edit is left out.",
                "Write another header, or remove this one."));
        return problem.isEmpty();
    }

    private void checkOperators(Declared<Mapping> declared, String field, HeaderEdit edit) {
        if (edit.value().matches(".*%[A-Z_]+(\\(.*\\))?%.*")) {
            findings.warning(
                    declared.key(),
                    field + "." + edit.name(),
                    "NotSupportedYet",
                    "Envoy's operators in \"" + edit.value() + "\" are not supported yet and are sent as they stand.",
                    "Write the value itself.");
        }
    }
}
