package dev.weft.resources.permission;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import java.util.List;

/** Who may do what a role allows (rbac.authorization.k8s.io/v1): a RoleBinding or a ClusterRoleBinding. */
public record RoleBinding(Resource resource, String role, List<String> subjects) {

    private static final String GROUP = "rbac.authorization.k8s.io";

    public RoleBinding {
        subjects = List.copyOf(subjects);
    }

    public static RoleBinding of(Resource resource, Fields root) {
        String role = root.requiredObject("roleRef", reference -> {
            reference.word("apiGroup", List.of(GROUP));
            reference.requiredText("kind");
            reference.word(
                    "kind", resource.kind().namespaced() ? List.of("Role", "ClusterRole") : List.of("ClusterRole"));
            return reference.requiredText("name");
        });
        List<String> subjects = root.objects("subjects", subject -> {
            String kind = subject.requiredText("kind");
            subject.word("kind", List.of("ServiceAccount", "User", "Group"));
            subject.inert("apiGroup");
            String namespace = subject.text("namespace", "");
            if (kind.equals("ServiceAccount")
                    && namespace.isEmpty()
                    && !resource.kind().namespaced()) {
                subject.missing("namespace", "the namespace of the account");
            }
            return subject.requiredText("name");
        });
        return new RoleBinding(resource, role, subjects);
    }
}
