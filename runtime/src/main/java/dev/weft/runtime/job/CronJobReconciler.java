package dev.weft.runtime.job;

import dev.weft.resources.Change;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Reconciler;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.batch.CronJob;
import dev.weft.runtime.deployment.Controllers;
import dev.weft.runtime.pod.Events;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes the Jobs of every CronJob when their time has come, and keeps as many of the old ones as it says. */
public final class CronJobReconciler implements AutoCloseable {

    /** Clocks may be set, and machines sleep: nobody trusts one long wait. */
    private static final Duration WAIT_MAX = Duration.ofSeconds(30);

    private static final String TIME = "batch.kubernetes.io/cronjob-scheduled-timestamp";

    private final ResourceStore store;
    private final InstantSource clock;
    private final Events events;
    private final Reconciler<Key> queue = new Reconciler<>("cronjobs", this::reconcile);

    public CronJobReconciler(ResourceStore store, InstantSource clock, Events events) {
        this.store = store;
        this.clock = clock;
        this.events = events;
    }

    public void cronJobChanged(Change change) {
        queue.enqueue(change.resource().key());
    }

    public void jobChanged(Change change) {
        Controllers.of(change.resource(), Kinds.CRON_JOB).ifPresent(queue::enqueue);
    }

    @Override
    public void close() {
        queue.close();
    }

    void reconcile(Key key) {
        Optional<Resource> found = store.get(key).filter(job -> !job.deleting());
        if (found.isEmpty()) {
            return;
        }
        Resource resource = found.get();
        List<Resource> jobs = store.list(Kinds.JOB).stream()
                .filter(job -> Controllers.owns(resource, job))
                .toList();
        Optional<CronJob> read = CronJob.read(resource).value();
        CronStatus status = CronStatus.of(resource, jobs, clock.instant());
        status.finished()
                .forEach(job -> events.normal(
                        resource,
                        "SawCompletedJob",
                        "Saw completed job: " + job.name() + ", condition: " + CronStatus.end(job)));
        read.ifPresent(cron -> {
            forget(cron, jobs);
            run(cron, jobs, status);
        });
        write(resource, status);
    }

    private void run(CronJob cron, List<Resource> jobs, CronStatus status) {
        if (cron.suspended()) {
            return;
        }
        Instant now = clock.instant();
        CronTimes times = CronTimes.of(cron, status.since(), now);
        times.next().ifPresent(next -> waitFor(cron, Duration.between(now, next)));
        if (times.missed().isEmpty()) {
            return;
        }
        Instant time = times.missed().get();
        List<Resource> active =
                jobs.stream().filter(job -> CronStatus.end(job).isEmpty()).toList();
        switch (cron.concurrency()) {
            case ALLOW -> start(cron, time, status);
            case FORBID -> {
                if (active.isEmpty()) {
                    start(cron, time, status);
                } else {
                    events.normal(
                            cron.resource(),
                            "JobAlreadyActive",
                            "Not starting job because prior execution is running and concurrency policy is Forbid");
                }
            }
            case REPLACE -> {
                active.forEach(job -> store.delete(job.key()));
                start(cron, time, status);
            }
        }
    }

    private void start(CronJob cron, Instant time, CronStatus status) {
        Resource job = job(cron, time);
        try {
            Resource created = store.create(job);
            events.normal(cron.resource(), "SuccessfulCreate", "Created job " + created.name());
            status.started(created, time);
        } catch (RefusedException e) {
            if (e.reason() != RefusedException.Reason.ALREADY_EXISTS) {
                events.warning(cron.resource(), "FailedCreate", "Error creating job: " + e.getMessage());
            }
            status.passed(time);
        }
    }

    /** Named after its time, so that one time never has two. */
    private static Resource job(CronJob cron, Instant time) {
        Resource owner = cron.resource();
        String name = owner.name() + "-" + time.getEpochSecond() / 60;
        Resource job = Resource.of(Kinds.JOB.key(owner.namespace(), name));
        ObjectNode json = job.json();
        ObjectNode metadata = json.withObject("/metadata");
        JsonNode template = owner.at("/spec/jobTemplate");
        for (String field : List.of("labels", "annotations")) {
            if (template.path("metadata").path(field) instanceof ObjectNode given) {
                metadata.set(field, given.deepCopy());
            }
        }
        metadata.withObjectProperty("annotations")
                .put(
                        TIME,
                        time.atZone(cron.zone())
                                .toOffsetDateTime()
                                .truncatedTo(ChronoUnit.SECONDS)
                                .toString());
        Controllers.own(owner, json);
        json.set("spec", template.path("spec").deepCopy());
        return job;
    }

    private void waitFor(CronJob cron, Duration wait) {
        queue.enqueueAfter(cron.resource().key(), wait.compareTo(WAIT_MAX) > 0 ? WAIT_MAX : wait.plusMillis(1));
    }

    /** The oldest go first. */
    private void forget(CronJob cron, List<Resource> jobs) {
        forget(jobs, "Complete", cron.successesKept());
        forget(jobs, "Failed", cron.failuresKept());
    }

    private void forget(List<Resource> jobs, String end, int kept) {
        List<Resource> ended = jobs.stream()
                .filter(job -> CronStatus.end(job).equals(end) && !job.deleting())
                .sorted(Comparator.comparing(job -> job.at("/status/startTime").asString("")))
                .toList();
        ended.subList(0, Math.max(0, ended.size() - kept)).forEach(job -> store.delete(job.key()));
    }

    private void write(Resource resource, CronStatus status) {
        try {
            store.updateStatus(resource.key(), status.json());
        } catch (RefusedException e) {
            if (e.reason() != RefusedException.Reason.NOT_FOUND) {
                throw e;
            }
        }
    }
}
