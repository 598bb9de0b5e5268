package dev.weft.apiserver;

import dev.weft.resources.Change;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Reconciler;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.core.LabelSelector;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps the roles that every cluster has ({@code cluster-admin}, {@code admin}, {@code edit}, {@code view}), and gives roles
 * with an {@code aggregationRule} the rules of those that it selects. Made once, in the background, where they are missing.
 */
final class ClusterRoles implements AutoCloseable {

    private static final String AGGREGATE = "rbac.authorization.k8s.io/aggregate-to-";
    private static final List<String> READ = List.of("get", "list", "watch");
    private static final List<String> WRITE = List.of("create", "delete", "deletecollection", "patch", "update");
    private static final List<String> ALL = List.of("*");

    /** What whoever looks after an application works with, beside what Weft itself brings. */
    private static final Map<String, List<String>> WORK = Map.of(
            "", List.of("configmaps", "endpoints", "events", "pods", "pods/log", "pods/status", "services"),
            "apps", List.of("deployments", "deployments/scale", "deployments/status", "replicasets"),
            "batch", List.of("jobs", "cronjobs"),
            "autoscaling", List.of("horizontalpodautoscalers"),
            "policy", List.of("poddisruptionbudgets", "poddisruptionbudgets/status"),
            "discovery.k8s.io", List.of("endpointslices"));

    private final ResourceStore store;
    private final Reconciler<Key> reconciler;
    private final AutoCloseable watch;

    ClusterRoles(ResourceStore store) {
        this.store = store;
        this.reconciler = new Reconciler<>("cluster-roles", this::reconcile);
        this.watch = store.watch(Kinds.CLUSTER_ROLE, this::changed);
        for (String name : List.of("cluster-admin", "view", "edit", "admin")) {
            reconciler.enqueue(key(name));
        }
        for (String name : List.of("view", "edit", "admin")) {
            reconciler.enqueue(key("system:aggregate-to-" + name));
        }
    }

    @Override
    public void close() {
        try {
            watch.close();
        } catch (Exception e) {
            throw new IllegalStateException(e); // closing a watch of ours throws nothing
        }
        reconciler.close();
    }

    private void changed(Change change) {
        for (Resource role : store.list(Kinds.CLUSTER_ROLE)) {
            if (role.json().has("aggregationRule")) {
                reconciler.enqueue(role.key());
            }
        }
    }

    private void reconcile(Key key) {
        if (store.get(key).isEmpty()) {
            switch (key.name()) {
                case "cluster-admin" -> make(key, Map.of(), List.of(rule(ALL, ALL, ALL), everyPath()), "");
                case "view", "edit", "admin" -> make(key, aggregated(key.name()), List.of(), key.name());
                case "system:aggregate-to-view" -> make(key, Map.of(AGGREGATE + "view", "true"), work(READ), "");
                case "system:aggregate-to-edit" -> make(key, Map.of(AGGREGATE + "edit", "true"), editing(), "");
                case "system:aggregate-to-admin" ->
                    make(
                            key,
                            Map.of(AGGREGATE + "admin", "true"),
                            List.of(rule(
                                    List.of(Kinds.ROLE.group()), List.of("roles", "rolebindings"), readAndWrite())),
                            "");
                default -> {} // somebody's, and deleted
            }
        }
        store.get(key).ifPresent(this::aggregate);
    }

    private void aggregate(Resource role) {
        JsonNode selectors = role.at("/aggregationRule/clusterRoleSelectors");
        if (selectors.isMissingNode()) {
            return;
        }
        Set<JsonNode> rules = new LinkedHashSet<>();
        for (Resource other : store.list(Kinds.CLUSTER_ROLE)) {
            boolean meant = !other.key().equals(role.key())
                    && selectors
                            .valueStream()
                            .anyMatch(
                                    selector -> !selector.isEmpty() && LabelSelector.matches(selector, other.labels()));
            if (meant) {
                other.at("/rules").forEach(rules::add);
            }
        }
        ArrayNode wanted = JsonNodeFactory.instance.arrayNode();
        rules.forEach(wanted::add);
        if (!wanted.equals(role.at("/rules"))) {
            ObjectNode json = role.edit();
            json.set("rules", wanted);
            store.update(new Resource(role.kind(), json));
        }
    }

    private void make(Key key, Map<String, String> labels, List<ObjectNode> rules, String aggregate) {
        ObjectNode json = Resource.of(key).edit();
        ObjectNode kept = json.withObject("/metadata").putObject("labels");
        kept.put("kubernetes.io/bootstrapping", "rbac-defaults");
        labels.forEach(kept::put);
        if (!aggregate.isEmpty()) {
            json.putObject("aggregationRule")
                    .putArray("clusterRoleSelectors")
                    .addObject()
                    .putObject("matchLabels")
                    .put(AGGREGATE + aggregate, "true");
        }
        ArrayNode all = json.putArray("rules");
        rules.forEach(all::add);
        store.create(new Resource(key.kind(), json));
    }

    /** {@code view} is part of {@code edit}, which is part of {@code admin}. */
    private static Map<String, String> aggregated(String name) {
        return switch (name) {
            case "view" -> Map.of(AGGREGATE + "edit", "true");
            case "edit" -> Map.of(AGGREGATE + "admin", "true");
            default -> Map.of();
        };
    }

    private static List<ObjectNode> editing() {
        List<ObjectNode> rules = new ArrayList<>(work(WRITE));
        rules.add(rule(List.of(""), List.of("secrets"), readAndWrite()));
        rules.add(rule(List.of(""), List.of("pods/exec", "pods/portforward"), List.of("create", "get")));
        rules.add(rule(List.of(""), List.of("serviceaccounts"), List.of("impersonate")));
        return rules;
    }

    private static List<ObjectNode> work(List<String> verbs) {
        List<ObjectNode> rules = new ArrayList<>();
        WORK.keySet().stream()
                .sorted()
                .forEach(group -> rules.add(rule(List.of(group), WORK.getOrDefault(group, List.of()), verbs)));
        List<String> ours = Kinds.all().stream()
                .filter(kind -> kind.namespaced()
                        && kind.group().contains(".")
                        && !kind.group().endsWith(".k8s.io"))
                .map(dev.weft.resources.Kind::group)
                .distinct()
                .toList();
        rules.add(rule(ours, ALL, verbs));
        return rules;
    }

    private static List<String> readAndWrite() {
        List<String> verbs = new ArrayList<>(READ);
        verbs.addAll(WRITE);
        return verbs;
    }

    private static ObjectNode rule(List<String> groups, List<String> resources, List<String> verbs) {
        ObjectNode rule = JsonNodeFactory.instance.objectNode();
        groups.forEach(rule.putArray("apiGroups")::add);
        resources.forEach(rule.putArray("resources")::add);
        verbs.forEach(rule.putArray("verbs")::add);
        return rule;
    }

    private static ObjectNode everyPath() {
        ObjectNode rule = JsonNodeFactory.instance.objectNode();
        rule.putArray("nonResourceURLs").add("*");
        rule.putArray("verbs").add("*");
        return rule;
    }

    private static Key key(String name) {
        return Kinds.CLUSTER_ROLE.key("", name);
    }
}
