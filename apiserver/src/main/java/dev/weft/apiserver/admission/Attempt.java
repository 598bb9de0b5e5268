package dev.weft.apiserver.admission;

import dev.weft.apiserver.access.Rules;
import dev.weft.apiserver.access.User;
import dev.weft.apiserver.cel.Budget;
import dev.weft.apiserver.cel.Rights;
import dev.weft.apiserver.cel.Values;
import dev.weft.resources.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What somebody is about to write.
 *
 * @param operation {@code CREATE}, {@code UPDATE} or {@code DELETE}
 * @param version the one that the client speaks
 * @param name empty when the server is to make one
 * @param object empty when it is deleted
 * @param before empty when it is created
 * @param budget what expressions may still cost
 */
public record Attempt(
        String operation,
        Kind kind,
        String version,
        String subresource,
        String namespace,
        String name,
        Optional<ObjectNode> object,
        Optional<ObjectNode> before,
        User user,
        boolean dryRun,
        Budget budget) {

    /** The same with the object as a webhook changed it. */
    Attempt with(ObjectNode changed) {
        return new Attempt(
                operation,
                kind,
                version,
                subresource,
                namespace,
                name,
                Optional.of(changed),
                before,
                user,
                dryRun,
                budget);
    }

    /** What expressions know of it. */
    Map<String, Object> values(Rules rules) {
        Map<String, Object> values = new HashMap<>(Rights.of(rules, user, kind, subresource, namespace, name));
        values.put("object", Values.of(orNull(object)));
        values.put("oldObject", Values.of(orNull(before)));
        values.put("request", Values.of(request()));
        return values;
    }

    /** As {@code request} in policies, and in an AdmissionReview but for the objects. */
    ObjectNode request() {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("uid", UUID.randomUUID().toString());
        boolean scale = subresource.equals("scale");
        for (String field : new String[] {"kind", "requestKind"}) {
            request.putObject(field)
                    .put("group", scale ? "autoscaling" : kind.group())
                    .put("version", scale ? "v1" : version)
                    .put("kind", scale ? "Scale" : kind.kind());
        }
        for (String field : new String[] {"resource", "requestResource"}) {
            request.putObject(field)
                    .put("group", kind.group())
                    .put("version", version)
                    .put("resource", kind.plural());
        }
        if (!subresource.isEmpty()) {
            request.put("subResource", subresource).put("requestSubResource", subresource);
        }
        request.put("name", name).put("namespace", namespace).put("operation", operation);
        ObjectNode info = request.putObject("userInfo").put("username", user.name());
        info.put("uid", user.uid());
        user.groups().forEach(info.putArray("groups")::add);
        user.extra()
                .forEach((key, values) ->
                        values.forEach(info.withObject("/extra").withArrayProperty(key)::add));
        request.put("dryRun", dryRun);
        String options = switch (operation) {
            case "CREATE" -> "CreateOptions";
            case "UPDATE" -> "UpdateOptions";
            default -> "DeleteOptions";
        };
        request.putObject("options").put("kind", options).put("apiVersion", "meta.k8s.io/v1");
        return request;
    }

    static JsonNode orNull(Optional<ObjectNode> document) {
        return document.map(JsonNode.class::cast).orElse(JsonNodeFactory.instance.nullNode());
    }
}
