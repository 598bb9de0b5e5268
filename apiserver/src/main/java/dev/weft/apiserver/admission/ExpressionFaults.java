package dev.weft.apiserver.admission;

import dev.weft.apiserver.schema.Fault;
import dev.weft.apiserver.schema.ValidationRules;
import dev.weft.model.problem.Location;
import dev.weft.model.problem.Problem;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What is wrong with the expressions that definitions, policies and webhooks hold. */
public final class ExpressionFaults {

    private ExpressionFaults() {}

    /** What is wrong with expressions in a document that is well formed otherwise. */
    public static List<Problem> of(Resource resource) {
        if (resource.kind().equals(Kinds.CUSTOM_RESOURCE_DEFINITION)) {
            return ruleFaults(resource);
        }
        Map<String, String> faults = Map.of();
        if (resource.kind().equals(Kinds.ADMISSION_POLICY)) {
            faults = Policies.faults(resource);
        } else if (resource.kind().equals(Kinds.VALIDATING_WEBHOOKS)
                || resource.kind().equals(Kinds.MUTATING_WEBHOOKS)) {
            faults = Webhooks.faults(resource);
        }
        return faults.entrySet().stream()
                .map(fault -> new Problem(
                        Location.API,
                        resource.key().reference(),
                        fault.getKey(),
                        "FieldValueInvalid",
                        fault.getValue(),
                        "",
                        Problem.Severity.ERROR))
                .toList();
    }

    /** What is wrong with the rules in a definition. */
    private static List<Problem> ruleFaults(Resource definition) {
        List<Problem> problems = new ArrayList<>();
        int index = 0;
        for (JsonNode version : definition.at("/spec/versions")) {
            String at = "spec.versions[" + index++ + "].schema.openAPIV3Schema";
            JsonNode schema = version.at("/schema/openAPIV3Schema");
            ValidationRules.faults(schema, at).forEach(fault -> problems.add(problem(definition, fault)));
        }
        return problems;
    }

    /** A fault of a document, in the words of the API. */
    public static Problem problem(Resource resource, Fault fault) {
        return new Problem(
                Location.API,
                resource.key().reference(),
                fault.field(),
                fault.reason(),
                fault.message(),
                "",
                Problem.Severity.ERROR);
    }
}
