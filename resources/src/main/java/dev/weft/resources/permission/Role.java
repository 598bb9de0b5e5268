package dev.weft.resources.permission;

import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import java.util.List;

/** What whoever is bound to it may do (rbac.authorization.k8s.io/v1): a Role or a ClusterRole. */
public record Role(Resource resource, List<Rule> rules) {

    /** One rule; a star stands for everything. */
    public record Rule(List<String> verbs, List<String> groups, List<String> resources) {
        public Rule {
            verbs = List.copyOf(verbs);
            groups = List.copyOf(groups);
            resources = List.copyOf(resources);
        }
    }

    public Role {
        rules = List.copyOf(rules);
    }

    public static Role of(Resource resource, Fields root) {
        boolean cluster = resource.kind().equals(Kinds.CLUSTER_ROLE);
        if (cluster) {
            root.object("aggregationRule", rule -> rule.objects("clusterRoleSelectors", Selectors::labels));
        }
        return new Role(resource, root.objects("rules", rule -> rule(rule, cluster)));
    }

    private static Rule rule(Fields fields, boolean cluster) {
        List<String> verbs = fields.texts("verbs");
        if (verbs.isEmpty()) {
            fields.missing("verbs", "a list such as [get, list, watch]");
        }
        List<String> urls = cluster ? fields.texts("nonResourceURLs") : List.of();
        List<String> groups = fields.texts("apiGroups");
        List<String> resources = fields.texts("resources");
        fields.texts("resourceNames");
        if (urls.isEmpty() && resources.isEmpty()) {
            fields.missing("resources", "a list such as [pods]");
        } else if (urls.isEmpty() && groups.isEmpty()) {
            fields.missing("apiGroups", "a list; [\"\"] is the group of pods and services");
        }
        return new Rule(verbs, groups, resources);
    }
}
