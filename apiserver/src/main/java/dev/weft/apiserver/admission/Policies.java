package dev.weft.apiserver.admission;

import dev.weft.apiserver.access.Rules;
import dev.weft.apiserver.admission.Policy.Refusal;
import dev.weft.apiserver.cel.Expression;
import dev.weft.apiserver.cel.ExpressionException;
import dev.weft.apiserver.cel.Values;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.core.LabelSelector;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** ValidatingAdmissionPolicies and their bindings (admissionregistration.k8s.io/v1). Safe from any thread. */
public final class Policies {

    /** A policy as it was read at one of its versions. */
    private record Known(long generation, Optional<Policy> policy, String fault) {}

    /** Nobody can say what the parameters are. */
    private static final class UnknownParameters extends Exception {

        private static final long serialVersionUID = 1;

        UnknownParameters(String message) {
            super(message);
        }
    }

    private final ResourceStore store;
    private final BiFunction<String, String, Optional<Kind>> kinds;
    private final Matching matching;
    private final Rules rules;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /**
     * Reads policies when they are asked.
     *
     * @param kinds the kind of a group and a name, for parameters
     */
    public Policies(ResourceStore store, BiFunction<String, String, Optional<Kind>> kinds) {
        this.store = store;
        this.kinds = kinds;
        this.matching = new Matching(store);
        this.rules = new Rules(store);
    }

    /**
     * Asks every policy that is bound.
     *
     * @param warn is told what bindings only warn of
     * @throws DeniedException by the first binding that denies
     */
    public void judge(Attempt attempt, Consumer<String> warn) {
        List<Resource> bindings = store.list(Kinds.ADMISSION_POLICY_BINDING);
        if (bindings.isEmpty()) {
            return;
        }
        Map<String, Object> values = new HashMap<>();
        for (Resource binding : bindings) {
            store.get(Kinds.ADMISSION_POLICY.key(
                            "", binding.at("/spec/policyName").asString("")))
                    .filter(policy -> matching.matches(policy.at("/spec/matchConstraints"), attempt)
                            && matching.matches(binding.at("/spec/matchResources"), attempt))
                    .ifPresent(policy -> judge(attempt, policy, binding, values, warn));
        }
    }

    /** The expressions of a policy that cannot be, by their places. */
    public static Map<String, String> faults(Resource policy) {
        Map<String, String> faults = new LinkedHashMap<>();
        JsonNode spec = policy.at("/spec");
        Optional<Expression.Result> bool = Optional.of(Expression.Result.BOOL);
        if (spec.path("validations").isEmpty() && spec.path("auditAnnotations").isEmpty()) {
            faults.put("spec.validations", "Required value: validations or auditAnnotations must be non-empty");
        }
        if (spec.at("/matchConstraints/resourceRules").isEmpty()) {
            faults.put("spec.matchConstraints.resourceRules", "Required value");
        }
        faults.putAll(Conditions.faults(spec.path("variables"), "spec.variables", "expression", Optional.empty()));
        faults.putAll(Conditions.faults(spec.path("matchConditions"), "spec.matchConditions", "expression", bool));
        faults.putAll(Conditions.faults(spec.path("validations"), "spec.validations", "expression", bool));
        faults.putAll(Conditions.faults(
                spec.path("validations"),
                "spec.validations",
                "messageExpression",
                Optional.of(Expression.Result.TEXT)));
        return faults;
    }

    private void judge(
            Attempt attempt, Resource policy, Resource binding, Map<String, Object> values, Consumer<String> warn) {
        boolean fail = !policy.at("/spec/failurePolicy").asString("Fail").equals("Ignore");
        Known read = read(policy);
        if (read.policy().isEmpty()) {
            act(policy, binding, fail ? List.of(new Refusal(read.fault(), "Invalid")) : List.of(), warn);
            return;
        }
        if (values.isEmpty()) {
            values.putAll(attempt.values(rules));
            values.put(
                    "namespaceObject",
                    Values.of(Attempt.orNull(matching.namespace(attempt).map(Resource::json))));
        }
        Optional<List<JsonNode>> params;
        try {
            params = params(attempt, policy, binding);
        } catch (UnknownParameters e) {
            String message = Objects.toString(e.getMessage(), "");
            act(policy, binding, fail ? List.of(new Refusal(message, "Invalid")) : List.of(), warn);
            return;
        }
        if (params.isEmpty()) {
            boolean deny = binding.at("/spec/paramRef/parameterNotFoundAction")
                    .asString("Deny")
                    .equals("Deny");
            String message = "failed to configure binding: no params found for policy binding with `Deny`"
                    + " parameterNotFoundAction";
            act(policy, binding, deny && fail ? List.of(new Refusal(message, "Invalid")) : List.of(), warn);
            return;
        }
        for (JsonNode param : params.get()) {
            values.put("params", Values.of(param));
            act(policy, binding, read.policy().get().judge(values, fail, attempt.budget()), warn);
        }
    }

    private static void act(Resource policy, Resource binding, List<Refusal> refusals, Consumer<String> warn) {
        List<String> actions = binding.at("/spec/validationActions")
                .valueStream()
                .map(action -> action.asString(""))
                .toList();
        for (Refusal refusal : refusals) {
            if (actions.contains("Warn")) {
                warn.accept("Validation failed for ValidatingAdmissionPolicy '" + policy.name() + "' with binding '"
                        + binding.name() + "': " + refusal.message());
            }
            if (actions.contains("Deny")) {
                throw DeniedException.policy(policy.name(), binding.name(), refusal.message(), refusal.reason());
            }
        }
    }

    /** What the policy's {@code params} can be; empty when there has to be something and there is not. */
    private Optional<List<JsonNode>> params(Attempt attempt, Resource policy, Resource binding)
            throws UnknownParameters {
        JsonNode wanted = policy.at("/spec/paramKind");
        JsonNode reference = binding.at("/spec/paramRef");
        if (wanted.isEmpty() || reference.isEmpty()) {
            return Optional.of(List.of(JsonNodeFactory.instance.nullNode()));
        }
        String apiVersion = wanted.path("apiVersion").asString("");
        String group = apiVersion.contains("/") ? apiVersion.substring(0, apiVersion.indexOf('/')) : "";
        Kind kind = kinds.apply(group, wanted.path("kind").asString(""))
                .orElseThrow(
                        () -> new UnknownParameters("failed to configure policy: failed to find resource referenced"
                                + " by paramKind: '" + apiVersion + ", Kind="
                                + wanted.path("kind").asString("") + "'"));
        String namespace = reference.path("namespace").asString(attempt.namespace());
        if (kind.namespaced() && namespace.isEmpty()) {
            throw new UnknownParameters("failed to configure binding: cannot use namespaced paramRef in policy binding"
                    + " that matches cluster-scoped resources");
        }
        List<JsonNode> found = store.list(kind).stream()
                .filter(it -> !kind.namespaced() || it.namespace().equals(namespace))
                .filter(it -> reference.has("name")
                        ? it.name().equals(reference.path("name").asString(""))
                        : LabelSelector.matches(reference.path("selector"), it.labels()))
                .<JsonNode>map(Resource::json)
                .toList();
        return found.isEmpty() ? Optional.empty() : Optional.of(found);
    }

    private Known read(Resource policy) {
        Known before = known.get(policy.uid());
        if (before != null && before.generation() == policy.generation()) {
            return before;
        }
        Known now;
        try {
            now = new Known(policy.generation(), Optional.of(Policy.read(policy.at("/spec"))), "");
        } catch (ExpressionException e) {
            now = new Known(policy.generation(), Optional.empty(), e.getMessage());
        }
        known.put(policy.uid(), now);
        return now;
    }
}
