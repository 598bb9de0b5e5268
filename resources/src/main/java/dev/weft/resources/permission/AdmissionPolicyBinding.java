package dev.weft.resources.permission;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import java.util.List;

/** Where an admission policy holds, and what follows (admissionregistration.k8s.io/v1). */
public record AdmissionPolicyBinding(Resource resource, String policy) {

    private static final List<String> ACTIONS = List.of("Deny", "Warn", "Audit");

    public static AdmissionPolicyBinding of(Resource resource, Fields root) {
        return root.requiredObject("spec", spec -> {
            String policy = spec.requiredText("policyName");
            spec.object("matchResources", Selectors::resources);
            spec.object("paramRef", AdmissionPolicyBinding::parameter);
            List<String> actions = spec.texts("validationActions");
            if (actions.isEmpty()) {
                spec.missing("validationActions", "a list of Deny, Warn or Audit");
            }
            if (actions.contains("Deny") && actions.contains("Warn")) {
                spec.invalid("validationActions", "Deny and Warn exclude each other.", "Keep one of them.");
            }
            int index = 0;
            for (String action : actions) {
                if (!ACTIONS.contains(action)) {
                    spec.invalid(
                            "validationActions[" + index + "]",
                            "\"" + action + "\" is no action.",
                            "Write one of " + String.join(", ", ACTIONS) + ".");
                }
                index++;
            }
            return new AdmissionPolicyBinding(resource, policy);
        });
    }

    private static boolean parameter(Fields reference) {
        String name = reference.text("name", "");
        reference.text("namespace", "");
        boolean selects = reference.object("selector", Selectors::labels).isPresent();
        if (name.isEmpty() != selects) {
            reference.invalid("", "exactly one of name and selector is wanted.", "Leave one of them.");
        }
        reference.requiredText("parameterNotFoundAction");
        reference.word("parameterNotFoundAction", List.of("Allow", "Deny"));
        return true;
    }
}
