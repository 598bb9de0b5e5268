package dev.weft.apiserver.admission;

import dev.weft.apiserver.access.Rules;
import dev.weft.apiserver.admission.Conditions.Condition;
import dev.weft.apiserver.cel.Expression;
import dev.weft.apiserver.cel.ExpressionException;
import dev.weft.apiserver.patch.JsonPatch;
import dev.weft.apiserver.patch.PatchException;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Webhooks that change or judge what is about to be written (admissionregistration.k8s.io/v1). Safe from any thread. */
public final class Webhooks {

    private final ResourceStore store;
    private final Matching matching;
    private final Rules rules;
    private final WebhookCall call;

    public Webhooks(ResourceStore store) {
        this.store = store;
        this.matching = new Matching(store);
        this.rules = new Rules(store);
        this.call = new WebhookCall(store);
    }

    /**
     * The object as every mutating webhook leaves it, one after another by the names of their configurations. One that
     * wants to see what those after it changed is asked once more.
     *
     * @throws DeniedException by the first that denies, or that has to be asked and cannot be
     */
    public ObjectNode mutate(Attempt attempt, Consumer<String> warn) {
        Attempt now = attempt;
        ObjectNode object = attempt.object().orElseThrow();
        Map<JsonNode, ObjectNode> again = new LinkedHashMap<>();
        for (JsonNode webhook : webhooks(Kinds.MUTATING_WEBHOOKS)) {
            if (!matching.calls(webhook, now)) {
                continue;
            }
            object = changed(webhook, now, object, warn);
            now = now.with(object);
            if (webhook.path("reinvocationPolicy").asString("Never").equals("IfNeeded")) {
                again.put(webhook, object);
            }
        }
        for (Map.Entry<JsonNode, ObjectNode> left : again.entrySet()) {
            if (!left.getValue().equals(object)) {
                object = changed(left.getKey(), now, object, warn);
                now = now.with(object);
            }
        }
        return object;
    }

    /**
     * Asks every validating webhook.
     *
     * @throws DeniedException by the first that denies, or that has to be asked and cannot be
     */
    public void judge(Attempt attempt, Consumer<String> warn) {
        for (JsonNode webhook : webhooks(Kinds.VALIDATING_WEBHOOKS)) {
            if (matching.calls(webhook, attempt)) {
                ask(webhook, attempt, warn);
            }
        }
    }

    /** What is wrong with the conditions of a configuration, by their places. */
    public static Map<String, String> faults(Resource configuration) {
        Map<String, String> faults = new LinkedHashMap<>();
        int index = 0;
        for (JsonNode webhook : configuration.at("/webhooks")) {
            String at = "webhooks[" + index++ + "]";
            faults.putAll(Conditions.faults(
                    webhook.path("matchConditions"),
                    at + ".matchConditions",
                    "expression",
                    Optional.of(Expression.Result.BOOL)));
            faults.putAll(ClientConfig.faults(webhook.path("clientConfig"), at + ".clientConfig"));
            if (!List.of("None", "NoneOnDryRun")
                    .contains(webhook.path("sideEffects").asString(""))) {
                faults.put(
                        at + ".sideEffects",
                        "Unsupported value: " + webhook.path("sideEffects").toString()
                                + ": supported values: \"None\", \"NoneOnDryRun\"");
            }
            boolean v1 = webhook.path("admissionReviewVersions")
                    .valueStream()
                    .anyMatch(version -> version.asString("").equals("v1"));
            if (!v1) {
                faults.put(
                        at + ".admissionReviewVersions",
                        "Invalid value: must include at least one of v1: no other version is spoken here");
            }
        }
        return faults;
    }

    private List<JsonNode> webhooks(Kind kind) {
        List<JsonNode> webhooks = new ArrayList<>();
        store.list(kind).forEach(it -> it.at("/webhooks").forEach(webhooks::add));
        return webhooks;
    }

    private ObjectNode changed(JsonNode webhook, Attempt attempt, ObjectNode object, Consumer<String> warn) {
        Optional<JsonNode> response = ask(webhook, attempt, warn);
        String patch = response.map(it -> it.path("patch").asString("")).orElse("");
        if (patch.isEmpty()) {
            return object;
        }
        try {
            return JsonPatch.apply(
                    object, JsonMapper.shared().readTree(Base64.getDecoder().decode(patch)));
        } catch (IllegalArgumentException | JacksonException | PatchException e) {
            throw DeniedException.unreachable(name(webhook), "its patch cannot be applied: " + e.getMessage());
        }
    }

    /** Nothing when it does not mean this, or cannot be asked and need not be. */
    private Optional<JsonNode> ask(JsonNode webhook, Attempt attempt, Consumer<String> warn) {
        boolean fail = !webhook.path("failurePolicy").asString("Fail").equals("Ignore");
        try {
            if (!means(webhook, attempt)) {
                return Optional.empty();
            }
            if (attempt.dryRun() && !webhook.path("sideEffects").asString("").startsWith("None")) {
                throw DeniedException.dryRun(name(webhook));
            }
            JsonNode response = call.ask(webhook, attempt);
            response.path("warnings").forEach(warning -> warn.accept(warning.asString("")));
            if (!response.path("allowed").asBoolean(false)) {
                JsonNode status = response.path("status");
                throw DeniedException.webhook(
                        name(webhook),
                        status.path("code").asInt(403),
                        status.path("reason").asString("Forbidden"),
                        status.path("message").asString(""),
                        status.path("details"));
            }
            return Optional.of(response);
        } catch (IOException | ExpressionException e) {
            boolean unjudged =
                    e instanceof ExpressionException && attempt.budget().isSpent();
            if (fail || unjudged) {
                throw DeniedException.unreachable(name(webhook), Objects.toString(e.getMessage(), e.toString()));
            }
            return Optional.empty();
        }
    }

    private boolean means(JsonNode webhook, Attempt attempt) throws ExpressionException {
        JsonNode declared = webhook.path("matchConditions");
        if (declared.isEmpty()) {
            return true;
        }
        List<Condition> conditions = Conditions.read(declared);
        return Conditions.hold(conditions, attempt.values(rules), attempt.budget());
    }

    private static String name(JsonNode webhook) {
        return webhook.path("name").asString("");
    }
}
