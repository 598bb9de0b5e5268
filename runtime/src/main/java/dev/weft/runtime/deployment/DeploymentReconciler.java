package dev.weft.runtime.deployment;

import dev.weft.resources.Change;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Reconciler;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.apps.PodOwner;
import dev.weft.runtime.deployment.RollingPlan.Share;
import dev.weft.runtime.pod.Events;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps one ReplicaSet for each template of a Deployment, their sizes, their pods and the status of all. One thread does
 * Deployments and ReplicaSets, in one step from a changed number to a pod: a cold start waits for it.
 */
public final class DeploymentReconciler implements AutoCloseable {

    private final ResourceStore store;
    private final InstantSource clock;
    private final Events events;
    private final ReplicaSets replicaSets;
    private final Reconciler<Key> queue = new Reconciler<>("deployments", this::reconcile);

    public DeploymentReconciler(ResourceStore store, NewPods newPods, InstantSource clock, Events events) {
        this.store = store;
        this.clock = clock;
        this.events = events;
        this.replicaSets = new ReplicaSets(store, newPods, clock, events);
    }

    public void deploymentChanged(Change change) {
        queue.enqueue(change.resource().key());
    }

    public void replicaSetChanged(Change change) {
        Resource set = change.resource();
        queue.enqueue(Controllers.of(set, Kinds.DEPLOYMENT).orElse(set.key()));
    }

    public void podChanged(Change change) {
        Resource pod = change.resource();
        PodOwner owner = PodOwner.of(pod);
        if (owner.kind().equals(Kinds.DEPLOYMENT.kind())) {
            queue.enqueue(Kinds.DEPLOYMENT.key(pod.namespace(), owner.name()));
        }
        Controllers.of(pod, Kinds.REPLICA_SET).ifPresent(queue::enqueue);
    }

    @Override
    public void close() {
        queue.close();
    }

    private void reconcile(Key key) {
        Optional<Resource> found = store.get(key).filter(resource -> !resource.deleting());
        if (found.isEmpty()) {
            return; // the store deletes what it owned
        }
        try {
            if (key.kind().equals(Kinds.DEPLOYMENT)) {
                deployment(found.get());
            } else if (Controllers.of(found.get(), Kinds.DEPLOYMENT).isEmpty()) {
                again(key, replicaSets.bring(found.get()).untilAvailable());
            }
        } catch (RefusedException e) {
            if (e.reason() != RefusedException.Reason.NOT_FOUND
                    || store.get(key).isPresent()) {
                throw e;
            }
        }
    }

    private void deployment(Resource deployment) {
        DeploymentSpec spec = DeploymentSpec.read(deployment);
        List<Resource> sets = sets(deployment);
        JsonNode template = PodTemplates.plain(spec.template());
        Optional<Resource> current = sets.stream()
                .filter(set -> PodTemplates.plain(set.at("/spec/template")).equals(template))
                .findFirst();
        String currentName = current.map(Resource::name).orElse(deployment.name() + "-" + spec.templateHash());
        Map<String, Integer> sizes = sizes(spec, sets, currentName);

        Map<Resource, Replicas> counted = new LinkedHashMap<>();
        if (current.isEmpty() && !spec.paused()) {
            Optional<Resource> created = create(deployment, spec, sets, sizes.getOrDefault(currentName, 0));
            if (created.isEmpty()) {
                collided(deployment);
                return;
            }
            scaled(deployment, created.get(), 0);
            counted.put(created.get(), replicaSets.bring(created.get()));
        }
        for (Resource set : sets) {
            boolean isCurrent = set.name().equals(currentName);
            Resource resized = resize(deployment, set, isCurrent, sets, sizes.getOrDefault(set.name(), 0));
            counted.put(resized, replicaSets.bring(resized));
        }
        finish(deployment, spec, counted, currentName);
    }

    /** The sets of this Deployment, oldest first. */
    private List<Resource> sets(Resource deployment) {
        store.list(Kinds.POD).stream()
                .filter(pod -> Controllers.owns(deployment, pod)) // of a Weft before ReplicaSets
                .forEach(pod -> store.delete(pod.key()));
        return Controllers.claim(store, deployment, Kinds.REPLICA_SET).stream()
                .filter(set -> !set.deleting())
                .sorted(History.OLDEST_FIRST)
                .toList();
    }

    private Map<String, Integer> sizes(DeploymentSpec spec, List<Resource> sets, String currentName) {
        List<Share> shares = new ArrayList<>();
        List<Resource> old = new ArrayList<>();
        for (Resource set : sets) {
            int size = set.at("/spec/replicas").asInt(1);
            boolean current = set.name().equals(currentName);
            shares.add(new Share(
                    set.name(),
                    current,
                    size,
                    Math.min(size, replicaSets.count(set).available())));
            if (!current) {
                old.add(set);
            }
        }
        if (spec.paused()) {
            return RollingPlan.paused(spec.replicas(), spec.strategy(), shares);
        }
        if (old.size() == sets.size()) {
            shares.add(new Share(currentName, true, 0, 0));
        }
        return RollingPlan.of(spec.replicas(), spec.strategy(), shares, replicaSets.existing(old));
    }

    /** The new set; empty when another, of a template of its own, has the name. */
    private Optional<Resource> create(Resource deployment, DeploymentSpec spec, List<Resource> others, int size) {
        String hash = spec.templateHash();
        Resource set = Resource.of(Kinds.REPLICA_SET.key(deployment.namespace(), deployment.name() + "-" + hash));
        ObjectNode json = set.json();
        ObjectNode labels = json.withObject("/metadata").putObject("labels");
        Resource.strings(spec.template().at("/metadata/labels")).forEach(labels::put);
        labels.put(PodTemplates.HASH_LABEL, hash);
        Controllers.own(deployment, json);
        ObjectNode wanted = json.putObject("spec");
        wanted.put("replicas", size);
        int minReady = deployment.at("/spec/minReadySeconds").asInt(0);
        if (minReady > 0) {
            wanted.put("minReadySeconds", minReady);
        }
        wanted.set("selector", deployment.at("/spec/selector").deepCopy());
        wanted.withObject("/selector").withObjectProperty("matchLabels").put(PodTemplates.HASH_LABEL, hash);
        wanted.set("template", spec.template().deepCopy());
        wanted.withObject("/template/metadata").withObjectProperty("labels").put(PodTemplates.HASH_LABEL, hash);
        History.number(deployment, others, json);
        try {
            return Optional.of(store.create(set));
        } catch (RefusedException e) {
            if (e.reason() == RefusedException.Reason.ALREADY_EXISTS) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Counts the collision, which is part of the hash: the next step tries another name. */
    private void collided(Resource deployment) {
        ObjectNode status = deployment.at("/status") instanceof ObjectNode before
                ? before.deepCopy()
                : deployment.json().objectNode();
        status.put(DeploymentStatus.COLLISIONS, DeploymentStatus.collisions(deployment) + 1);
        store.updateStatus(deployment.key(), status);
        queue.enqueue(deployment.key());
    }

    private Resource resize(Resource deployment, Resource set, boolean current, List<Resource> sets, int size) {
        ObjectNode json = set.edit();
        int before = set.at("/spec/replicas").asInt(1);
        json.withObject("/spec").put("replicas", size);
        int minReady = deployment.at("/spec/minReadySeconds").asInt(0);
        if (minReady > 0 || json.at("/spec").has("minReadySeconds")) {
            json.withObject("/spec").put("minReadySeconds", minReady);
        }
        if (current) {
            List<Resource> others = sets.stream()
                    .filter(other -> !other.name().equals(set.name()))
                    .toList();
            History.number(deployment, others, json);
        }
        Resource resized = store.update(new Resource(set.kind(), json));
        scaled(deployment, resized, before);
        return resized;
    }

    private void scaled(Resource deployment, Resource set, int before) {
        int after = set.at("/spec/replicas").asInt(1);
        if (before != after) {
            events.normal(
                    deployment,
                    "ScalingReplicaSet",
                    "Scaled " + (after > before ? "up" : "down") + " replica set " + set.name() + " from " + before
                            + " to " + after);
        }
    }

    private void finish(Resource deployment, DeploymentSpec spec, Map<Resource, Replicas> counted, String currentName) {
        if (store.get(deployment.key())
                .filter(found -> found.uid().equals(deployment.uid()))
                .isEmpty()) {
            return; // gone meanwhile; one of the same name has a status of its own
        }
        Instant now = clock.instant();
        ObjectNode status = DeploymentStatus.of(deployment, spec, counted, currentName, now);
        store.updateStatus(deployment.key(), status);
        counted.keySet().stream()
                .filter(set -> set.name().equals(currentName))
                .findFirst()
                .ifPresent(set -> mark(deployment.key(), set));
        if (DeploymentStatus.complete(spec, status)) {
            forget(spec, counted, currentName);
        }
        again(deployment.key(), DeploymentStatus.untilDeadline(deployment, spec, status, now));
        counted.values().forEach(replicas -> again(deployment.key(), replicas.untilAvailable()));
    }

    private void mark(Key key, Resource current) {
        store.get(key).filter(found -> !found.deleting()).ifPresent(found -> {
            ObjectNode json = found.edit();
            if (History.mark(json, current)) {
                store.update(new Resource(found.kind(), json));
            }
        });
    }

    /** Deletes the oldest of the sets that nothing runs of, down to how many are to be kept. */
    private void forget(DeploymentSpec spec, Map<Resource, Replicas> counted, String currentName) {
        List<Resource> old = counted.entrySet().stream()
                .filter(entry -> !entry.getKey().name().equals(currentName))
                .filter(entry -> entry.getValue().total() == 0)
                .map(Map.Entry::getKey)
                .toList();
        old.stream()
                .sorted(History.OLDEST_FIRST)
                .limit(Math.max(0, old.size() - spec.historyMax()))
                .forEach(set -> store.delete(set.key()));
    }

    private void again(Key key, Duration wait) {
        if (!wait.isZero()) {
            queue.enqueueAfter(key, wait);
        }
    }
}
