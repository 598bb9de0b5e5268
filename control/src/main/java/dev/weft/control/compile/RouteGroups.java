package dev.weft.control.compile;

import dev.weft.control.declared.Declarations;
import dev.weft.control.declared.Findings;
import dev.weft.model.traffic.HeaderMatch;
import dev.weft.model.traffic.Match;
import dev.weft.model.traffic.PathMatch;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.smi.HttpRouteGroup;
import dev.weft.resources.smi.HttpRouteGroup.HttpRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** What SMI's route groups mean. */
final class RouteGroups {

    private final Declarations declarations;
    private final Findings findings;

    RouteGroups(Declarations declarations, Findings findings) {
        this.declarations = declarations;
        this.findings = findings;
    }

    /**
     * The matches of a group.
     *
     * @param user the resource that refers to it, in the group's namespace
     * @param field of the reference
     * @param names of matches; empty for all
     * @return empty when the group, or one of the matches, is missing, which has been noted
     */
    Optional<List<Match>> matches(Key user, String field, String group, List<String> names) {
        Optional<HttpRouteGroup> found =
                declarations.find(Kinds.HTTP_ROUTE_GROUP.key(user.namespace(), group), HttpRouteGroup.class);
        if (found.isEmpty()) {
            findings.error(
                    user,
                    field,
                    "RouteGroupNotFound",
                    "HTTPRouteGroup \"" + group + "\" does not exist.",
                    "Create HTTPRouteGroup " + group + " in namespace " + user.namespace() + ", or correct the name.");
            return Optional.empty();
        }
        List<HttpRoute> routes = found.get().routes();
        List<String> known = routes.stream().map(HttpRoute::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                findings.error(
                        user,
                        field,
                        "MatchNotFound",
                        "HTTPRouteGroup " + group + " has no match \"" + name + "\".",
                        "Name one of " + String.join(", ", known) + ".");
                return Optional.empty();
            }
        }
        return Optional.of(routes.stream()
                .filter(route -> names.isEmpty() || names.contains(route.name()))
                .map(RouteGroups::match)
                .toList());
    }

    private static Match match(HttpRoute route) {
        PathMatch path =
                route.pathRegex().isEmpty() ? new PathMatch.Prefix("/") : new PathMatch.Regex(route.pathRegex(), false);
        List<HeaderMatch> headers = new ArrayList<>();
        // SMI's examples read the same whether the value is searched or matched whole; searching is what ".*" hides.
        new TreeMap<>(route.headers())
                .forEach((name, expression) ->
                        headers.add(new HeaderMatch.Regex(name, "(?s).*(?:" + expression + ").*")));
        return new Match(path, route.methods(), headers);
    }
}
