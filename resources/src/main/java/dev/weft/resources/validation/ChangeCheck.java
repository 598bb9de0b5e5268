package dev.weft.resources.validation;

import dev.weft.model.problem.Location;
import dev.weft.model.problem.Problem;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.knative.TopChecks;
import dev.weft.resources.reading.Equality;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What of a resource never changes once it is there. */
public final class ChangeCheck {

    private static final Map<Kind, List<String>> FIXED = Map.of(
            Kinds.DEPLOYMENT, List.of("spec.selector"),
            Kinds.REPLICA_SET, List.of("spec.selector"),
            Kinds.JOB, List.of("spec.selector", "spec.template.spec", "spec.completionMode"),
            Kinds.ROLE_BINDING, List.of("roleRef"),
            Kinds.CLUSTER_ROLE_BINDING, List.of("roleRef"),
            Kinds.SECRET, List.of("type"),
            Kinds.CUSTOM_RESOURCE_DEFINITION, List.of("spec.scope"));

    private static final List<String> CONTENT = List.of("data", "binaryData", "immutable");

    private ChangeCheck() {}

    /** What makes a change one that may not be; both with their defaults. */
    public static List<Problem> of(Resource before, Resource after) {
        List<Problem> problems = new ArrayList<>(TopChecks.ofChange(before, after));
        for (String field : FIXED.getOrDefault(after.kind(), List.of())) {
            if (differ(before, after, field)) {
                problems.add(problem(
                        after,
                        field,
                        "the field is immutable.",
                        "Leave it as it was (kubectl get -o yaml shows it), or delete and create the "
                                + after.kind().kind() + "."));
            }
        }
        boolean indexed = after.at("/spec/completionMode").asString("").equals("Indexed");
        if (after.kind().equals(Kinds.JOB) && !indexed && differ(before, after, "spec.completions")) {
            problems.add(problem(
                    after, "spec.completions", "the field is immutable.", "Delete and create the Job to change it."));
        }
        boolean content = after.kind().equals(Kinds.SECRET) || after.kind().equals(Kinds.CONFIG_MAP);
        if (content && before.at("/immutable").asBoolean(false)) {
            CONTENT.stream()
                    .filter(field -> differ(before, after, field))
                    .forEach(field -> problems.add(problem(
                            after,
                            field,
                            "the field is immutable when `immutable` is set.",
                            "Give what is new another name, or delete and create it.")));
        }
        return problems;
    }

    private static boolean differ(Resource before, Resource after, String field) {
        String pointer = "/" + field.replace('.', '/');
        return !Equality.same(before.at(pointer), after.at(pointer));
    }

    private static Problem problem(Resource resource, String field, String message, String remedy) {
        return new Problem(
                Location.API,
                resource.key().reference(),
                field,
                "FieldImmutable",
                field + ": " + message,
                remedy,
                Problem.Severity.ERROR);
    }
}
