package dev.weft.runtime.autoscale;

import dev.weft.resources.Change;
import dev.weft.resources.Key;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.Reconciler;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.core.LabelSelector;
import dev.weft.runtime.node.Usage;
import dev.weft.runtime.pod.Events;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Looks at every HorizontalPodAutoscaler each fifteen seconds, and gives its target the replicas that it asks for. */
public final class Autoscalers implements AutoCloseable {

    private static final Duration PERIOD = Duration.ofSeconds(15);
    private static final String REVISION = "serving.knative.dev/revision";

    private final ResourceStore store;
    private final Supplier<List<Usage.OfPod>> usage;
    private final InstantSource clock;
    private final Events events;
    private final Map<Key, ScaleHistory> histories = new HashMap<>();
    private final Reconciler<Key> queue = new Reconciler<>("autoscalers", this::reconcile);

    public Autoscalers(ResourceStore store, Supplier<List<Usage.OfPod>> usage, InstantSource clock, Events events) {
        this.store = store;
        this.usage = usage;
        this.clock = clock;
        this.events = events;
    }

    public void autoscalerChanged(Change change) {
        queue.enqueue(change.resource().key());
    }

    @Override
    public void close() {
        queue.close();
    }

    void reconcile(Key key) {
        Optional<Resource> found = store.get(key).filter(scaler -> !scaler.deleting());
        if (found.isEmpty()) {
            histories.remove(key);
            return;
        }
        queue.enqueueAfter(key, PERIOD);
        Resource scaler = found.get();
        ScalerStatus status = new ScalerStatus(scaler, clock.instant());
        scale(scaler, ScalerSpec.read(scaler), status);
        try {
            store.updateStatus(key, status.json());
        } catch (RefusedException e) {
            if (e.reason() != RefusedException.Reason.NOT_FOUND) {
                throw e;
            }
        }
    }

    private void scale(Resource scaler, ScalerSpec spec, ScalerStatus status) {
        Optional<Resource> target =
                kind(spec).flatMap(kind -> store.get(kind.key(scaler.namespace(), spec.targetName())));
        if (target.isEmpty()) {
            String message = kind(spec).isEmpty()
                    ? "NoEffect: " + spec.targetApiVersion() + " " + spec.targetKind()
                            + " is not scaled here (expected: apps/v1 Deployment or ReplicaSet)"
                    : "the HPA controller was unable to get the target's current scale: " + spec.targetKind() + " \""
                            + spec.targetName() + "\" not found";
            status.condition("AbleToScale", false, "FailedGetScale", message);
            events.warning(scaler, "FailedGetScale", message);
            return;
        }
        int current = target.get().at("/spec/replicas").asInt(1);
        status.condition(
                "AbleToScale",
                true,
                "SucceededGetScale",
                "the HPA controller was able to get the target's current scale");
        status.replicas(current, current);
        if (target.get().labels().containsKey(REVISION)) {
            status.condition(
                    "ScalingActive",
                    false,
                    "NoEffect",
                    "Knative's autoscaler scales this Deployment (weft why-scale); remove this one");
            return;
        }
        if (current == 0) {
            status.condition(
                    "ScalingActive", false, "ScalingDisabled", "scaling is disabled since the replica count is zero");
            return;
        }
        if (current > spec.most()) {
            write(
                    scaler,
                    target.get(),
                    current,
                    spec.most(),
                    "Current number of replicas above Spec.MaxReplicas",
                    status);
            return;
        }
        if (current < spec.least()) {
            write(
                    scaler,
                    target.get(),
                    current,
                    spec.least(),
                    "Current number of replicas below Spec.MinReplicas",
                    status);
            return;
        }
        Optional<Integer> proposed = proposed(scaler, spec, target.get(), current, status);
        proposed.ifPresent(replicas -> bring(scaler, spec, target.get(), current, replicas, status));
    }

    /** The most that any measure asks for; nothing goes down while one of them cannot be had. */
    private Optional<Integer> proposed(
            Resource scaler, ScalerSpec spec, Resource target, int current, ScalerStatus status) {
        List<Resource> pods = pods(target);
        Map<Key, Usage.OfPod> uses =
                usage.get().stream().collect(Collectors.toMap(Usage.OfPod::pod, Function.identity(), (a, b) -> b));
        Optional<Integer> most = Optional.empty();
        Optional<String> refusal = Optional.empty();
        for (ScalerSpec.Metric metric : spec.metrics()) {
            if (!metric.measured()) {
                refusal = Optional.of("NoEffect: metrics of type " + metric.type() + " " + metric.name()
                        + " are not measured here (expected: Resource or ContainerResource, cpu or memory)");
                continue;
            }
            try {
                Proposal proposal = Proposal.of(metric, current, pods, uses);
                status.metric(metric, proposal);
                most = Optional.of(Math.max(most.orElse(0), proposal.replicas()));
            } catch (Proposal.Refusal e) {
                refusal = Optional.of(String.valueOf(e.getMessage()));
            }
        }
        if (refusal.isPresent() && most.orElse(0) <= current) {
            String message = "the HPA was unable to compute the replica count: " + refusal.get();
            status.condition("ScalingActive", false, "FailedGetResourceMetric", message);
            events.warning(scaler, "FailedGetResourceMetric", message);
            return Optional.empty();
        }
        status.condition(
                "ScalingActive",
                true,
                "ValidMetricFound",
                "the HPA was able to successfully calculate a replica count from resource utilization");
        return most;
    }

    private void bring(
            Resource scaler, ScalerSpec spec, Resource target, int current, int proposed, ScalerStatus status) {
        ScaleHistory history = histories.computeIfAbsent(scaler.key(), _ -> new ScaleHistory(clock.instant(), current));
        int allowed = history.allowed(spec, current, proposed, clock.instant());
        int desired = Math.max(spec.least(), Math.min(spec.most(), allowed));
        if (allowed > spec.most()) {
            String message = "the desired replica count is more than the maximum replica count";
            status.condition("ScalingLimited", true, "TooManyReplicas", message);
        } else if (allowed < spec.least()) {
            String message = "the desired replica count is less than the minimum replica count";
            status.condition("ScalingLimited", true, "TooFewReplicas", message);
        } else {
            String message = "the desired count is within the acceptable range";
            status.condition("ScalingLimited", false, "DesiredWithinRange", message);
        }
        if (desired != current) {
            String because = desired > current ? "resource utilization above target" : "All metrics below target";
            write(scaler, target, current, desired, because, status);
        }
    }

    private void write(
            Resource scaler, Resource target, int current, int desired, String because, ScalerStatus status) {
        ObjectNode json = target.edit();
        json.withObject("/spec").put("replicas", desired);
        store.update(new Resource(target.kind(), json));
        histories
                .computeIfAbsent(scaler.key(), _ -> new ScaleHistory(clock.instant(), desired))
                .changed(clock.instant(), desired - current);
        status.replicas(current, desired);
        status.scaled();
        events.normal(scaler, "SuccessfulRescale", "New size: " + desired + "; reason: " + because);
    }

    private List<Resource> pods(Resource target) {
        JsonNode selector = target.at("/spec/selector");
        return store.list(Kinds.POD).stream()
                .filter(pod -> pod.namespace().equals(target.namespace()) && !pod.deleting())
                .filter(pod -> LabelSelector.matches(selector, pod.labels()))
                .filter(pod -> !List.of("Succeeded", "Failed")
                        .contains(pod.at("/status/phase").asString("")))
                .toList();
    }

    private static Optional<Kind> kind(ScalerSpec spec) {
        return Stream.of(Kinds.DEPLOYMENT, Kinds.REPLICA_SET)
                .filter(kind -> kind.apiVersion().equals(spec.targetApiVersion())
                        && kind.kind().equals(spec.targetKind()))
                .findFirst();
    }
}
