package dev.weft.runtime.deployment;

import dev.weft.resources.Change;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Reconciler;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.runtime.deployment.RollingPlan.Replica;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Creates and deletes the pods of every Deployment, and keeps its status. */
public final class DeploymentReconciler implements AutoCloseable {

    private static final String HASH_LABEL = "pod-template-hash";

    private final ResourceStore store;
    private final Consumer<ObjectNode> prepare;
    private final RandomGenerator random;
    private final InstantSource clock;
    private final Reconciler<Key> deployments = new Reconciler<>("deployments", this::reconcile);

    /** Gives every new pod's document to {@code prepare} for a last look, such as to add the runtime's finalizer. */
    public DeploymentReconciler(
            ResourceStore store, Consumer<ObjectNode> prepare, RandomGenerator random, InstantSource clock) {
        this.store = store;
        this.prepare = prepare;
        this.random = random;
        this.clock = clock;
    }

    public void deploymentChanged(Change change) {
        deployments.enqueue(change.resource().key());
    }

    public void podChanged(Change change) {
        controller(change.resource()).ifPresent(deployments::enqueue);
    }

    @Override
    public void close() {
        deployments.close();
    }

    private void reconcile(Key key) {
        Optional<Resource> found = store.get(key).filter(deployment -> !deployment.deleting());
        if (found.isEmpty()) {
            return; // the store deletes what it owned
        }
        Resource deployment = found.get();
        DeploymentSpec spec = DeploymentSpec.read(deployment);
        List<Resource> pods = podsOf(deployment);
        List<Replica> replicas = replicas(pods, spec.templateHash());
        int going = pods.size() - replicas.size();
        RollingPlan plan = RollingPlan.of(spec.replicas(), spec.strategy(), replicas, going);
        List<Replica> left = new ArrayList<>(replicas);
        for (int i = 0; i < plan.create(); i++) {
            left.add(replica(store.create(newPod(deployment, spec)), spec.templateHash()));
        }
        for (Replica replica : plan.delete()) {
            store.delete(Kinds.POD.key(key.namespace(), replica.name()));
            left.remove(replica);
        }
        Instant now = clock.instant();
        ObjectNode status = DeploymentStatus.of(deployment, spec, left, now);
        store.updateStatus(key, status);
        Duration deadline = DeploymentStatus.untilDeadline(deployment, spec, status, now);
        if (!deadline.isZero()) {
            deployments.enqueueAfter(key, deadline);
        }
    }

    private List<Resource> podsOf(Resource deployment) {
        return store.list(Kinds.POD).stream()
                .filter(pod -> pod.namespace().equals(deployment.namespace()))
                .filter(pod ->
                        pod.at("/metadata/ownerReferences/0/uid").asString("").equals(deployment.uid()))
                .toList();
    }

    private static List<Replica> replicas(List<Resource> pods, String hash) {
        return pods.stream()
                .filter(pod -> !pod.deleting())
                .map(pod -> replica(pod, hash))
                .toList();
    }

    private static Replica replica(Resource pod, String hash) {
        boolean ready = false;
        for (JsonNode condition : pod.at("/status/conditions")) {
            ready |= condition.path("type").asString("").equals("Ready")
                    && condition.path("status").asString("").equals("True");
        }
        boolean current = pod.labels().getOrDefault(HASH_LABEL, "").equals(hash);
        return new Replica(
                pod.name(),
                current,
                ready,
                pod.at("/metadata/creationTimestamp").asString(""));
    }

    private Resource newPod(Resource deployment, DeploymentSpec spec) {
        String prefix = deployment.name() + "-" + spec.templateHash() + "-";
        Resource pod = Resource.of(Kinds.POD.key(deployment.namespace(), prefix + TemplateHash.random(random)));
        ObjectNode json = pod.json();
        ObjectNode metadata = json.withObject("/metadata");
        metadata.put("generateName", prefix);
        JsonNode template = spec.template();
        copy(template.at("/metadata/annotations"), metadata, "annotations");
        copy(template.at("/metadata/labels"), metadata, "labels");
        metadata.withObject("/labels").put(HASH_LABEL, spec.templateHash());
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", deployment.kind().apiVersion())
                .put("kind", deployment.kind().kind())
                .put("name", deployment.name())
                .put("uid", deployment.uid())
                .put("controller", true)
                .put("blockOwnerDeletion", true);
        copy(template.at("/spec"), json, "spec");
        prepare.accept(json);
        return pod;
    }

    private static void copy(JsonNode from, ObjectNode to, String field) {
        if (from.isObject()) {
            to.set(field, from.deepCopy());
        }
    }

    private static Optional<Key> controller(Resource pod) {
        JsonNode owner = pod.at("/metadata/ownerReferences/0");
        return owner.path("kind").asString("").equals(Kinds.DEPLOYMENT.kind())
                ? Optional.of(
                        Kinds.DEPLOYMENT.key(pod.namespace(), owner.path("name").asString("")))
                : Optional.empty();
    }
}
