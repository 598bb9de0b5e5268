package dev.weft.serving.knative;

import dev.weft.resources.Resource;
import dev.weft.serving.activation.PodFailure;
import dev.weft.serving.activation.PodView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a Revision's status says. Before the initial scale was reached once, anything that keeps an instance from
 * starting is the revision's failure; after that, resources count as available, and a failing container shows as such
 * until an instance is ready again.
 */
final class RevisionStatus {

    static final String RESOURCES_AVAILABLE = "ResourcesAvailable";
    private static final String CONTAINER_HEALTHY = "ContainerHealthy";
    private static final String ACTIVE = "Active";
    private static final String DEPLOYING = "Deploying";

    private final Resource revision;
    private final int ready;
    private final Instant now;
    private final Duration patience;
    private final Optional<PodFailure> failure;

    RevisionStatus(Resource revision, List<PodView> pods, int ready, Instant now, Duration patience) {
        this.revision = revision;
        this.ready = ready;
        this.now = now;
        this.patience = patience;
        this.failure = ready > 0
                ? Optional.empty()
                : pods.stream()
                        .flatMap(pod -> pod.failure().stream())
                        .findFirst()
                        .or(() -> pods.stream()
                                .flatMap(pod -> unanswering(pod).stream())
                                .findFirst());
    }

    ObjectNode of(int wanted, boolean initialised, boolean late) {
        Condition available = resourcesAvailable(initialised, late);
        Condition healthy = containerHealthy(initialised);
        ObjectNode status = Conditions.status(
                revision,
                List.of(active(wanted), available, healthy, Conditions.ready(List.of(healthy, available))),
                now);
        status.put("actualReplicas", ready);
        status.put("desiredReplicas", wanted);
        ArrayNode containers = status.putArray("containerStatuses");
        for (JsonNode container : revision.at("/spec/containers")) {
            containers
                    .addObject()
                    .put("imageDigest", container.path("image").asString(""))
                    .put("name", container.path("name").asString(""));
        }
        return status;
    }

    /** The status of a revision that cannot have what it needs, because {@code taken} has its name. */
    ObjectNode notOwned(String taken) {
        Condition available = Condition.no(
                RESOURCES_AVAILABLE, "NotOwned", "There is an existing " + taken + " that this revision does not own.");
        return Conditions.status(revision, List.of(available, available.as(Conditions.READY)), now);
    }

    private Condition active(int wanted) {
        if (wanted == 0) {
            return Condition.no(ACTIVE, "NoTraffic", "The target is not receiving traffic.");
        }
        return ready > 0
                ? Condition.yes(ACTIVE)
                : Condition.unknown(
                        ACTIVE, "Queued", "Requests to the target are being buffered as resources are provisioned.");
    }

    private Condition resourcesAvailable(boolean initialised, boolean late) {
        if (initialised) {
            return Condition.yes(RESOURCES_AVAILABLE);
        }
        if (failure.isPresent() && !ofContainer(failure.get())) {
            return Condition.no(
                    RESOURCES_AVAILABLE, failure.get().reason(), failure.get().message());
        }
        Condition before = Conditions.of(revision, RESOURCES_AVAILABLE);
        if (late && before.isFalse()) {
            return before; // its pods are leaving now; why they never served stays the better reason
        }
        if (late) {
            return Condition.no(RESOURCES_AVAILABLE, "ProgressDeadlineExceeded", "Initial scale was never achieved");
        }
        return Condition.unknown(RESOURCES_AVAILABLE, DEPLOYING, "The first instance is on its way.");
    }

    private Condition containerHealthy(boolean initialised) {
        if (ready > 0) {
            return Condition.yes(CONTAINER_HEALTHY);
        }
        if (failure.isPresent() && (initialised || ofContainer(failure.get()))) {
            return Condition.no(
                    CONTAINER_HEALTHY, failure.get().reason(), failure.get().message());
        }
        Condition before = Conditions.of(revision, CONTAINER_HEALTHY);
        boolean told = before.isTrue() || before.isFalse();
        return told ? before : Condition.unknown(CONTAINER_HEALTHY, DEPLOYING, "The first instance is on its way.");
    }

    private static boolean ofContainer(PodFailure failure) {
        return failure.reason().startsWith("ExitCode") || failure.reason().equals("NotReady");
    }

    /** A program that runs and runs, and does not become ready. */
    private Optional<PodFailure> unanswering(PodView pod) {
        boolean lasts = pod.started()
                .map(started -> !now.isBefore(started.plus(patience)))
                .orElse(false);
        boolean toldWhy = Conditions.of(revision, CONTAINER_HEALTHY).isFalse();
        if (!lasts || pod.ready().isPresent() || (pod.leaving() && toldWhy)) {
            return Optional.empty();
        }
        String said = pod.pod()
                .map(found -> Conditions.of(found, Conditions.READY).message())
                .orElse("");
        return Optional.of(new PodFailure(
                "NotReady",
                "The program runs, but has not answered its readiness probe for " + patience.toSeconds() + " s"
                        + (said.isEmpty() ? "; it must listen on the port that PORT names." : ": " + said),
                false));
    }
}
