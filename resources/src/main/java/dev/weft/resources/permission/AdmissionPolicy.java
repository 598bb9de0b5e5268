package dev.weft.resources.permission;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import java.util.List;

/** What may be written, in CEL (admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy). */
public record AdmissionPolicy(Resource resource) {

    private static final List<String> REASONS =
            List.of("Unauthorized", "Forbidden", "Invalid", "RequestEntityTooLarge");

    public static AdmissionPolicy of(Resource resource, Fields root) {
        return root.requiredObject("spec", spec -> {
            spec.requiredObject("matchConstraints", Selectors::resources);
            spec.objects("matchConditions", Selectors::condition);
            spec.objects("variables", Selectors::condition);
            spec.object("paramKind", kind -> kind.requiredText("apiVersion") + kind.requiredText("kind"));
            spec.word("failurePolicy", List.of("Fail", "Ignore"));
            spec.objects("validations", validation -> {
                validation.requiredText("expression");
                validation.text("message", "");
                validation.text("messageExpression", "");
                return validation.word("reason", REASONS);
            });
            spec.noEffect("there is no audit log here.", "Remove it, or use a validation.", "auditAnnotations");
            return new AdmissionPolicy(resource);
        });
    }
}
