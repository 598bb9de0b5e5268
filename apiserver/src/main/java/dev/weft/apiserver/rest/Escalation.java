package dev.weft.apiserver.rest;

import dev.weft.apiserver.access.Rules;
import dev.weft.apiserver.access.User;
import dev.weft.apiserver.access.Wish;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Nobody gives what they do not have: whoever writes a role has to have all that it allows (or the verb {@code escalate}),
 * whoever binds one too (or the verb {@code bind}).
 */
final class Escalation {

    private static final List<String> GIVING = List.of("/rules", "/aggregationRule", "/roleRef", "/subjects");

    private final Rules rules;

    Escalation(Rules rules) {
        this.rules = rules;
    }

    /** @throws ApiException with 403, naming what the user does not have; with 404 when there is no role to bind */
    void check(Exchange exchange, Target target, Optional<Resource> before, Resource resource) {
        User user = exchange.user();
        if (!resource.kind().group().equals(Kinds.ROLE.group()) || user.mayDoEverything()) {
            return;
        }
        if (before.filter(it -> givesTheSame(it, resource)).isPresent()) {
            return;
        }
        boolean binding =
                resource.kind().equals(Kinds.ROLE_BINDING) || resource.kind().equals(Kinds.CLUSTER_ROLE_BINDING);
        boolean may = binding
                ? rules.allow(user, wish("bind", rolePlural(resource), resource, roleName(resource)))
                : rules.allow(user, wish("escalate", resource.kind().plural(), resource, resource.name()));
        if (may) {
            return;
        }
        List<JsonNode> given = binding
                ? rules.bound(resource)
                        .orElseThrow(() -> ApiException.roleNotFound(rolePlural(resource), roleName(resource)))
                : resource.at("/rules").valueStream().toList();
        List<JsonNode> missing = given.stream()
                .filter(rule -> !rules.covers(user, rule, resource.namespace()))
                .toList();
        boolean aggregates = resource.json().has("aggregationRule");
        if (!missing.isEmpty() || aggregates) {
            throw ApiException.forbidden(target.kind(), resource.name(), message(user, missing));
        }
    }

    private static boolean givesTheSame(Resource before, Resource resource) {
        return GIVING.stream().allMatch(field -> before.at(field).equals(resource.at(field)));
    }

    private static Wish wish(String verb, String plural, Resource resource, String name) {
        return new Wish(verb, Kinds.ROLE.group(), plural, "", resource.namespace(), name, "");
    }

    private static String rolePlural(Resource binding) {
        return binding.at("/roleRef/kind").asString("").equals("ClusterRole")
                ? Kinds.CLUSTER_ROLE.plural()
                : Kinds.ROLE.plural();
    }

    private static String roleName(Resource binding) {
        return binding.at("/roleRef/name").asString("");
    }

    private static String message(User user, List<JsonNode> missing) {
        String groups = user.groups().stream().map(group -> '"' + group + '"').collect(Collectors.joining(" "));
        String rules = missing.stream().map(Escalation::shown).collect(Collectors.joining("\n"));
        return "user \"" + user.name() + "\" (groups=[" + groups
                + "]) is attempting to grant RBAC permissions not currently held:\n" + rules;
    }

    private static String shown(JsonNode rule) {
        return "{"
                + List.of(
                                "nonResourceURLs:NonResourceURLs",
                                "apiGroups:APIGroups",
                                "resources:Resources",
                                "resourceNames:ResourceNames",
                                "verbs:Verbs")
                        .stream()
                        .map(pair -> pair.split(":", -1))
                        .filter(pair -> rule.has(pair[0]))
                        .map(pair -> pair[1] + ":" + rule.get(pair[0]))
                        .collect(Collectors.joining(", "))
                + "}";
    }
}
