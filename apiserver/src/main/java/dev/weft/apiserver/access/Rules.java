package dev.weft.apiserver.access;

import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What the roles that are bound to a user allow (rbac.authorization.k8s.io/v1). Nothing else is allowed. */
public final class Rules {

    /** What everybody with a token may read: what there is, and which server this is. */
    private static final List<String> OPEN =
            List.of("/api", "/apis", "/openapi", "/version", "/healthz", "/livez", "/readyz");

    /** What everybody with a token may ask about themselves. */
    private static final Set<String> OWN_QUESTIONS = Set.of(
            "selfsubjectaccessreviews.authorization.k8s.io",
            "selfsubjectrulesreviews.authorization.k8s.io",
            "selfsubjectreviews.authentication.k8s.io");

    private final ResourceStore store;

    public Rules(ResourceStore store) {
        this.store = store;
    }

    public boolean allow(User user, Wish wish) {
        if (user.mayDoEverything() || isOpen(wish)) {
            return true;
        }
        return of(user, wish.namespace()).stream().anyMatch(rule -> allows(rule, wish));
    }

    /** Every rule that holds for a user in a namespace. */
    public List<JsonNode> of(User user, String namespace) {
        List<JsonNode> rules = new ArrayList<>();
        for (Resource binding : store.list(Kinds.CLUSTER_ROLE_BINDING)) {
            add(user, binding, rules);
        }
        for (Resource binding : store.list(Kinds.ROLE_BINDING)) {
            if (!namespace.isEmpty() && binding.namespace().equals(namespace)) {
                add(user, binding, rules);
            }
        }
        return rules;
    }

    /** What a binding gives; empty when there is no such role. */
    public Optional<List<JsonNode>> bound(Resource binding) {
        return role(binding).map(role -> role.at("/rules").valueStream().toList());
    }

    /** Whether a user may do everything that a rule allows. */
    public boolean covers(User user, JsonNode rule, String namespace) {
        List<JsonNode> held = of(user, namespace);
        for (String verb : words(rule.path("verbs"))) {
            for (String path : words(rule.path("nonResourceURLs"))) {
                if (!holds(held, new Wish(verb, "", "", "", "", "", path))) {
                    return false;
                }
            }
            for (String group : words(rule.path("apiGroups"))) {
                for (String resource : words(rule.path("resources"))) {
                    String[] parts = resource.split("/", 2);
                    String below = parts.length == 2 ? parts[1] : "";
                    List<String> names = words(rule.path("resourceNames"));
                    for (String name : names.isEmpty() ? List.of("") : names) {
                        if (!holds(held, new Wish(verb, group, parts[0], below, namespace, name, ""))) {
                            return false;
                        }
                    }
                }
            }
        }
        return true;
    }

    private static boolean holds(List<JsonNode> held, Wish wish) {
        return held.stream().anyMatch(rule -> allows(rule, wish));
    }

    private static List<String> words(JsonNode list) {
        return list.valueStream().map(it -> it.asString("")).toList();
    }

    private void add(User user, Resource binding, List<JsonNode> rules) {
        boolean bound = binding.at("/subjects").valueStream().anyMatch(subject -> is(user, subject, binding));
        if (bound) {
            role(binding).ifPresent(role -> role.at("/rules").forEach(rules::add));
        }
    }

    private Optional<Resource> role(Resource binding) {
        String name = binding.at("/roleRef/name").asString("");
        return binding.at("/roleRef/kind").asString("").equals("ClusterRole")
                ? store.get(Kinds.CLUSTER_ROLE.key("", name))
                : store.get(Kinds.ROLE.key(binding.namespace(), name));
    }

    private static boolean is(User user, JsonNode subject, Resource binding) {
        String name = subject.path("name").asString("");
        return switch (subject.path("kind").asString("")) {
            case "User" -> user.name().equals(name);
            case "Group" -> user.groups().contains(name);
            case "ServiceAccount" -> {
                String namespace = subject.path("namespace").asString(binding.namespace());
                yield user.name().equals("system:serviceaccount:" + namespace + ":" + name);
            }
            default -> false;
        };
    }

    private static boolean isOpen(Wish wish) {
        if (wish.resource().isEmpty()) {
            return wish.verb().equals("get")
                    && OPEN.stream()
                            .anyMatch(path ->
                                    wish.path().equals(path) || wish.path().startsWith(path + "/"));
        }
        boolean question = wish.verb().equals("create")
                && wish.name().isEmpty()
                && wish.subresource().isEmpty();
        return question && OWN_QUESTIONS.contains(wish.resource() + "." + wish.group());
    }

    private static boolean allows(JsonNode rule, Wish wish) {
        if (!any(rule.path("verbs"), wish.verb())) {
            return false;
        }
        if (wish.resource().isEmpty()) {
            return rule.path("nonResourceURLs")
                    .valueStream()
                    .map(url -> url.asString(""))
                    .anyMatch(url -> url.endsWith("*")
                            ? wish.path().startsWith(url.substring(0, url.length() - 1))
                            : wish.path().equals(url));
        }
        String full = wish.subresource().isEmpty() ? wish.resource() : wish.resource() + "/" + wish.subresource();
        boolean resource = any(rule.path("resources"), full)
                || (!wish.subresource().isEmpty() && any(rule.path("resources"), "*/" + wish.subresource()));
        JsonNode names = rule.path("resourceNames");
        boolean named = names.isEmpty() || (!wish.name().isEmpty() && any(names, wish.name()));
        return any(rule.path("apiGroups"), wish.group()) && resource && named;
    }

    private static boolean any(JsonNode list, String word) {
        return list.valueStream()
                .anyMatch(it -> it.asString("").equals("*") || it.asString("").equals(word));
    }
}
