package dev.weft.runtime.pod;

import dev.weft.resources.Change;
import dev.weft.resources.Key;
import dev.weft.resources.Reconciler;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.runtime.process.Execution;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps one {@link PodRun} for every pod that should run. A finalizer holds a deleted pod in the API until its process
 * has really ended, so that {@code kubectl} shows it as terminating.
 *
 * <p>Owner of {@code runs}: the reconciler's thread writes, others read.
 */
public final class PodReconciler implements AutoCloseable {

    /** On every pod of this machine while its process may run. */
    static final String FINALIZER = "weft.dev/running-process";

    /** Of this machine's Node, and in {@code spec.nodeName} of its pods. */
    public static final String NODE = "local";

    private static final String UNSCHEDULABLE =
            "0/1 nodes are available: 1 node(s) were unschedulable (kubectl uncordon " + NODE + ").";
    private static final Duration LOOK_AT_TOKENS = Duration.ofMinutes(1);
    private static final Duration LOOK_AT_POLICY = Duration.ofSeconds(2);

    private final ResourceStore store;
    private final PodParts parts;
    private final BooleanSupplier takesPods;
    private final Map<Key, PodRun> runs = new ConcurrentHashMap<>();
    private final Set<Key> unscheduled = ConcurrentHashMap.newKeySet();
    private final Reconciler<Key> pods = new Reconciler<>("pods", this::reconcile);
    private final Reconciler<Key> statuses = new Reconciler<>("pod-status", this::writeStatus);
    private final Reconciler<Key> volumes = new Reconciler<>("pod-volumes", this::refreshVolumes);
    private volatile boolean closing;

    /** @param takesPods whether this machine begins pods that are not its own yet */
    public PodReconciler(ResourceStore store, PodParts parts, BooleanSupplier takesPods) {
        this.store = store;
        this.parts = parts;
        this.takesPods = takesPods;
    }

    /** Makes a new pod's document this machine's own. */
    public static void adopt(ObjectNode pod) {
        pod.withObject("/metadata").withArray("finalizers").add(FINALIZER);
        pod.withObject("/spec").put("nodeName", NODE);
    }

    public void podChanged(Change change) {
        pods.enqueue(change.resource().key());
    }

    /** An image, Secret or ConfigMap that some pod may be waiting for. */
    public void somethingElseChanged() {
        runs.values().forEach(PodRun::poke);
        runs.keySet().forEach(volumes::enqueue);
    }

    /** Whether this machine takes pods may have changed. */
    public void nodeChanged() {
        List.copyOf(unscheduled).forEach(pods::enqueue);
    }

    /** Every container whose program runs. From any thread. */
    public List<RunningContainer> running() {
        return runs.values().stream().flatMap(run -> run.running().stream()).toList();
    }

    /**
     * Starts a command beside a container's program; an empty name means the first container. From any thread.
     *
     * @throws IOException when nothing of that name runs, or the command cannot be started
     */
    public Execution execute(Key pod, String container, List<String> command, boolean terminal) throws IOException {
        return Optional.ofNullable(runs.get(pod))
                .orElseThrow(() -> new IOException("pod " + pod.name() + " does not run here"))
                .execute(container, command, terminal);
    }

    /** Ends all programs in good order, all at once, and waits for them; the pods stay declared. */
    @Override
    public void close() {
        closing = true;
        pods.close();
        statuses.close();
        volumes.close();
        runs.values().forEach(PodRun::stop);
        runs.values().forEach(PodRun::awaitEnd);
    }

    private void reconcile(Key key) {
        Optional<PodRun> run = Optional.ofNullable(runs.get(key));
        if (run.isPresent() && run.get().over()) {
            finished(key, run.get());
            return;
        }
        Optional<Resource> found = store.get(key);
        boolean wanted = found.isPresent() && !found.get().deleting() && !closing;
        if (run.isPresent()) {
            boolean same = found.isPresent()
                    && found.get().uid().equals(run.get().spec().uid());
            if (!wanted || !same) {
                run.get().stop();
            }
        } else if (wanted) {
            begin(found.get());
        } else {
            unscheduled.remove(key);
            found.filter(Resource::deleting).ifPresent(pod -> {
                parts.logs().forget(key.namespace(), key.name());
                release(pod);
            });
        }
    }

    private void begin(Resource pod) {
        String phase = pod.at("/status/phase").asString("");
        if (phase.equals("Succeeded") || phase.equals("Failed")) {
            return;
        }
        if (!finalizers(pod).contains(FINALIZER)) {
            if (!takesPods.getAsBoolean()) {
                leave(pod);
                return;
            }
            unscheduled.remove(pod.key());
            ObjectNode json = pod.edit();
            adopt(json);
            store.update(new Resource(pod.kind(), json)); // its own change brings us here again
            return;
        }
        if (pod.at("/status/startTime").isMissingNode()) {
            String whose = pod.namespace() + "/" + pod.name();
            parts.events().normal(pod, "Scheduled", "Successfully assigned " + whose + " to " + NODE);
        }
        PodSpec spec = PodSpec.read(parts.volumes().withAccount(pod));
        Optional<String> refusal = HostNetworks.refusal(spec, store);
        if (refusal.isPresent()) {
            refuse(pod, spec, refusal.get());
            return;
        }
        PodRun run = new PodRun(spec, parts, restarts(pod), this::changed, this::ended);
        runs.put(pod.key(), run);
        run.start();
        volumes.enqueueAfter(pod.key(), LOOK_AT_TOKENS);
    }

    /** It waits until this machine takes pods again. */
    private void leave(Resource pod) {
        if (unscheduled.add(pod.key())) {
            parts.events().warning(pod, "FailedScheduling", UNSCHEDULABLE);
            ObjectNode status = JsonNodeFactory.instance.objectNode().put("phase", "Pending");
            status.putArray("conditions")
                    .addObject()
                    .put("type", "PodScheduled")
                    .put("status", "False")
                    .put("reason", "Unschedulable")
                    .put("message", UNSCHEDULABLE)
                    .put("lastTransitionTime", PodStatus.time(parts.clock().instant()));
            store.updateStatus(pod.key(), status);
        }
    }

    /** Looks again later: the namespace may allow it by then. */
    private void refuse(Resource pod, PodSpec spec, String message) {
        pods.enqueueAfter(pod.key(), LOOK_AT_POLICY);
        if (!pod.at("/status/containerStatuses/0/state/waiting/message")
                .asString("")
                .equals(message)) {
            PodRun never = new PodRun(spec, parts, restarts(pod), _ -> {}, _ -> {});
            never.refuse("HostNetworkRefused", message);
            parts.events().warning(pod, "HostNetworkRefused", message);
            store.updateStatus(pod.key(), PodStatus.of(spec, never.state()));
        }
    }

    /** How often each container had been started again when the platform ended, and its end with it. */
    private static Map<String, Integer> restarts(Resource pod) {
        Map<String, Integer> restarts = new HashMap<>();
        for (String list : List.of("/status/containerStatuses", "/status/initContainerStatuses")) {
            for (JsonNode before : pod.at(list)) {
                int ended = before.path("state").has("running") ? 1 : 0;
                restarts.put(
                        before.path("name").asString(""),
                        before.path("restartCount").asInt(0) + ended);
            }
        }
        return restarts;
    }

    /** Writes what has changed into the pod's files; tokens that end soon are replaced. */
    private void refreshVolumes(Key key) {
        Optional.ofNullable(runs.get(key)).ifPresent(run -> {
            run.refreshVolumes();
            volumes.enqueueAfter(key, LOOK_AT_TOKENS);
        });
    }

    /** A run is over: its last state is written down, and a deleted pod may go now. */
    private void finished(Key key, PodRun run) {
        Optional<Resource> pod =
                store.get(key).filter(found -> found.uid().equals(run.spec().uid()));
        if (pod.isPresent() && !pod.get().deleting() && !closing) {
            writeStatus(key);
        }
        runs.remove(key);
        boolean gone = pod.isEmpty() || pod.get().deleting();
        if (gone) {
            parts.logs().forget(key.namespace(), key.name());
        }
        pod.filter(Resource::deleting).ifPresent(this::release);
        if (pod.isEmpty()) {
            pods.enqueue(key); // another pod of that name may be waiting
        }
    }

    private void release(Resource pod) {
        List<String> finalizers = finalizers(pod);
        if (finalizers.contains(FINALIZER)) {
            ObjectNode json = pod.edit();
            ArrayNode left = json.withObject("/metadata").putArray("finalizers");
            finalizers.stream().filter(name -> !name.equals(FINALIZER)).forEach(left::add);
            store.update(new Resource(pod.kind(), json));
        }
    }

    private void changed(PodRun run) {
        if (!closing) {
            statuses.enqueue(run.spec().key());
        }
    }

    private void ended(PodRun run) {
        pods.enqueue(run.spec().key());
    }

    private void writeStatus(Key key) {
        PodRun run = runs.get(key);
        if (run == null) {
            return;
        }
        try {
            store.updateStatus(key, PodStatus.of(run.spec(), run.state()));
        } catch (RefusedException e) {
            if (e.reason() != RefusedException.Reason.NOT_FOUND) {
                throw e;
            }
        }
    }

    private static List<String> finalizers(Resource pod) {
        return pod.at("/metadata/finalizers")
                .valueStream()
                .map(node -> node.asString(""))
                .toList();
    }
}
