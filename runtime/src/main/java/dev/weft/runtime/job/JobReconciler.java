package dev.weft.runtime.job;

import dev.weft.resources.Change;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Reconciler;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.runtime.deployment.Controllers;
import dev.weft.runtime.deployment.NewPods;
import dev.weft.runtime.pod.Events;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Starts the pods of every Job until enough have succeeded or too many have failed, and keeps its status. */
public final class JobReconciler implements AutoCloseable {

    private static final Duration RETRY_FIRST = Duration.ofSeconds(1);
    private static final Duration RETRY_MAX = Duration.ofMinutes(6);
    private static final List<String> NAME_LABELS = List.of("batch.kubernetes.io/job-name", "job-name");
    private static final List<String> UID_LABELS = List.of("batch.kubernetes.io/controller-uid", "controller-uid");

    private final ResourceStore store;
    private final NewPods newPods;
    private final InstantSource clock;
    private final Events events;
    private final Reconciler<Key> queue = new Reconciler<>("jobs", this::reconcile);

    public JobReconciler(ResourceStore store, NewPods newPods, InstantSource clock, Events events) {
        this.store = store;
        this.newPods = newPods;
        this.clock = clock;
        this.events = events;
    }

    public void jobChanged(Change change) {
        queue.enqueue(change.resource().key());
    }

    public void podChanged(Change change) {
        Controllers.of(change.resource(), Kinds.JOB).ifPresent(queue::enqueue);
    }

    @Override
    public void close() {
        queue.close();
    }

    private void reconcile(Key key) {
        Optional<Resource> found = store.get(key).filter(job -> !job.deleting());
        try {
            found.ifPresent(this::job);
        } catch (RefusedException e) {
            if (e.reason() != RefusedException.Reason.NOT_FOUND
                    || store.get(key).isPresent()) {
                throw e;
            }
        }
    }

    private void job(Resource job) {
        JobSpec spec = JobSpec.read(job);
        if (finished(job)) {
            forget(job, spec);
            return;
        }
        List<Resource> pods = store.list(Kinds.POD).stream()
                .filter(pod -> Controllers.owns(job, pod))
                .toList();
        JobProgress progress = JobProgress.of(pods);
        ObjectNode status = status(job, spec, progress);
        if (spec.indexed()) {
            status.put("completedIndexes", JobIndexes.of(pods).completed());
        }
        Optional<JobEnd> end =
                JobEnd.of(spec, progress, status.path("startTime").asString(""), clock.instant());
        if (end.isPresent()) {
            end(job, spec, progress, end.get(), status);
        } else if (spec.suspended()) {
            progress.active().forEach(pod -> store.delete(pod.key()));
            store.updateStatus(job.key(), status);
        } else {
            start(job, spec, pods, progress, status);
        }
    }

    /** Starts what is missing; after a failure not at once. */
    private void start(Resource job, JobSpec spec, List<Resource> pods, JobProgress progress, ObjectNode status) {
        Duration wait = patience(pods, progress);
        int missing = progress.missing(spec);
        if (missing > 0 && wait.isZero()) {
            missing = create(job, spec, pods, missing);
            status.put("active", progress.active().size() + missing);
        } else if (missing > 0) {
            queue.enqueueAfter(job.key(), wait);
        }
        store.updateStatus(job.key(), status);
        spec.deadline().ifPresent(deadline -> queue.enqueueAfter(job.key(), deadline.plusMillis(1500)));
    }

    /** How many it has made: an indexed Job has no more than numbers. */
    private int create(Resource job, JobSpec spec, List<Resource> pods, int missing) {
        if (!spec.indexed()) {
            for (int i = 0; i < missing; i++) {
                newPods.create(job, labels(job));
            }
            return missing;
        }
        List<Integer> free =
                JobIndexes.of(pods).free(missing, spec.completions().orElse(0));
        free.forEach(index -> newPods.create(job, index.toString(), labels(job), pod -> JobIndexes.give(index, pod)));
        return free.size();
    }

    /** How long until the next pod, counted from when the last one failed. */
    private Duration patience(List<Resource> pods, JobProgress progress) {
        if (progress.failed() == 0) {
            return Duration.ZERO;
        }
        Instant last = pods.stream()
                .map(pod -> pod.at("/status/containerStatuses/0/state/terminated"))
                .filter(end -> end.path("exitCode").asInt(0) != 0)
                .map(end -> end.path("finishedAt").asString(""))
                .filter(time -> !time.isEmpty())
                .map(Instant::parse)
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
        Duration pause = RETRY_FIRST.multipliedBy(1L << Math.min(progress.failed() - 1, 10));
        Duration left =
                Duration.between(clock.instant(), last.plus(pause.compareTo(RETRY_MAX) > 0 ? RETRY_MAX : pause));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private void end(Resource job, JobSpec spec, JobProgress progress, JobEnd end, ObjectNode status) {
        progress.active().forEach(pod -> store.delete(pod.key()));
        status.remove(List.of("active", "ready"));
        String now = now();
        condition(status, end.condition(), end.reason(), end.message(), now);
        if (end.condition().equals("Complete")) {
            status.put("completionTime", now);
            events.normal(job, "Completed", "Job completed");
        } else {
            events.warning(job, end.reason(), end.message());
        }
        store.updateStatus(job.key(), status);
        spec.keptFor().ifPresent(kept -> queue.enqueueAfter(job.key(), kept));
    }

    private void forget(Resource job, JobSpec spec) {
        if (spec.keptFor().isEmpty()) {
            return;
        }
        Instant ended = Instant.EPOCH;
        for (JsonNode condition : job.at("/status/conditions")) {
            ended = Instant.parse(condition.path("lastTransitionTime").asString(ended.toString()));
        }
        Duration left =
                Duration.between(clock.instant(), ended.plus(spec.keptFor().get()));
        if (left.isPositive()) {
            queue.enqueueAfter(job.key(), left);
        } else {
            store.delete(job.key());
        }
    }

    private static boolean finished(Resource job) {
        for (JsonNode condition : job.at("/status/conditions")) {
            String type = condition.path("type").asString("");
            if (condition.path("status").asString("").equals("True") && !type.equals("Suspended")) {
                return true;
            }
        }
        return false;
    }

    private ObjectNode status(Resource job, JobSpec spec, JobProgress progress) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        String started = job.at("/status/startTime").asString("");
        if (spec.suspended()) {
            condition(status, "Suspended", "JobSuspended", "Job suspended", suspendedSince(job));
        } else {
            status.put("startTime", started.isEmpty() ? now() : started);
        }
        put(status, "active", spec.suspended() ? 0 : progress.active().size());
        status.put("ready", progress.ready());
        put(status, "succeeded", progress.succeeded());
        put(status, "failed", progress.failed());
        status.putObject("uncountedTerminatedPods");
        return status;
    }

    private String suspendedSince(Resource job) {
        JsonNode before = job.at("/status/conditions/0");
        return before.path("type").asString("").equals("Suspended")
                ? before.path("lastTransitionTime").asString("")
                : now();
    }

    private static Map<String, String> labels(Resource job) {
        Map<String, String> labels = new LinkedHashMap<>();
        NAME_LABELS.forEach(label -> labels.put(label, job.name()));
        UID_LABELS.forEach(label -> labels.put(label, job.uid()));
        return labels;
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static void put(ObjectNode status, String field, int number) {
        if (number > 0) {
            status.put(field, number);
        }
    }

    private static void condition(ObjectNode status, String type, String reason, String message, String since) {
        status.withArrayProperty("conditions")
                .addObject()
                .put("type", type)
                .put("status", "True")
                .put("reason", reason)
                .put("message", message)
                .put("lastProbeTime", since)
                .put("lastTransitionTime", since);
    }
}
