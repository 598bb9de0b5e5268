package dev.weft.apiserver.admission;

import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.core.LabelSelector;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Whether rules and selectors of a policy or a webhook mean what somebody is about to write. */
final class Matching {

    private final ResourceStore store;

    Matching(ResourceStore store) {
        this.store = store;
    }

    /** {@code matchConstraints} of a policy, {@code matchResources} of its binding. */
    boolean matches(JsonNode constraints, Attempt attempt) {
        JsonNode rules = constraints.path("resourceRules");
        boolean exact = constraints.path("matchPolicy").asString("").equals("Exact");
        return (rules.isEmpty() || any(rules, attempt, exact))
                && !any(constraints.path("excludeResourceRules"), attempt, exact)
                && selected(constraints, attempt);
    }

    /** The rules and selectors of a webhook. */
    boolean calls(JsonNode webhook, Attempt attempt) {
        boolean exact = webhook.path("matchPolicy").asString("").equals("Exact");
        return any(webhook.path("rules"), attempt, exact) && selected(webhook, attempt);
    }

    Optional<Resource> namespace(Attempt attempt) {
        return attempt.namespace().isEmpty()
                ? Optional.empty()
                : store.get(Kinds.NAMESPACE.key("", attempt.namespace()));
    }

    private boolean selected(JsonNode constraints, Attempt attempt) {
        JsonNode ofObject = constraints.path("objectSelector");
        boolean object =
                ofObject.isEmpty() || labelled(ofObject, attempt.object()) || labelled(ofObject, attempt.before());
        JsonNode ofNamespace = constraints.path("namespaceSelector");
        if (!object || ofNamespace.isEmpty()) {
            return object;
        }
        if (attempt.kind().equals(Kinds.NAMESPACE)) {
            return labelled(ofNamespace, attempt.object().or(attempt::before));
        }
        Optional<Map<String, String>> labels = namespace(attempt).map(Resource::labels);
        return labels.isEmpty() || LabelSelector.matches(ofNamespace, labels.get()); // what is in none is always meant
    }

    private static boolean labelled(JsonNode selector, Optional<ObjectNode> document) {
        return document.map(json -> Resource.strings(json.at("/metadata/labels")))
                .filter(labels -> LabelSelector.matches(selector, labels))
                .isPresent();
    }

    private static boolean any(JsonNode rules, Attempt attempt, boolean exact) {
        return rules.valueStream().anyMatch(rule -> matches(rule, attempt, exact));
    }

    private static boolean matches(JsonNode rule, Attempt attempt, boolean exact) {
        String scope = rule.path("scope").asString("*");
        boolean scoped = scope.equals("*")
                || scope.equals("Namespaced") == attempt.kind().namespaced();
        boolean named = rule.path("resourceNames").isEmpty() || has(rule.path("resourceNames"), attempt.name());
        return scoped
                && named
                && word(rule.path("operations"), attempt.operation())
                && word(rule.path("apiGroups"), attempt.kind().group())
                && (!exact
                        || word(rule.path("apiVersions"), attempt.version())) // a document is the same in all of them
                && rule.path("resources").valueStream().anyMatch(it -> resource(it.asString(""), attempt));
    }

    private static boolean resource(String wanted, Attempt attempt) {
        String[] parts = wanted.split("/", 2);
        boolean kind = parts[0].equals("*") || parts[0].equals(attempt.kind().plural());
        String subresource = parts.length == 2 ? parts[1] : "";
        return kind && (subresource.equals("*") || subresource.equals(attempt.subresource()));
    }

    private static boolean word(JsonNode words, String word) {
        return has(words, "*") || has(words, word);
    }

    private static boolean has(JsonNode words, String word) {
        return words.valueStream().anyMatch(it -> it.asString("").equals(word));
    }
}
