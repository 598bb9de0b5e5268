package dev.weft.catalog.declared;

import dev.weft.model.problem.Problem;
import dev.weft.model.problem.ResourceReference;
import dev.weft.model.problem.Verdict;
import dev.weft.model.traffic.Snapshot;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * One row for each resource: the control plane's verdict where it refused it, else what its own status says. Pure.
 */
public final class ResourceRows {

    /** Which condition speaks for the whole, by how much it says. */
    private static final List<String> SPEAKING = List.of("Ready", "Available", "Accepted");

    private ResourceRows() {}

    public static List<ResourceRow> of(Declared declared, Snapshot snapshot) {
        Map<ResourceReference, Verdict> verdicts = new HashMap<>();
        snapshot.verdicts().forEach(verdict -> verdicts.put(verdict.resource(), verdict));
        List<ResourceRow> rows = new ArrayList<>();
        for (Kind kind : Declared.kinds()) {
            for (Resource resource : declared.all(kind)) {
                rows.add(row(
                        resource,
                        Optional.ofNullable(verdicts.get(resource.key().reference()))));
            }
        }
        return rows;
    }

    static ResourceRow row(Resource resource, Optional<Verdict> verdict) {
        List<Problem> problems = verdict.map(Verdict::problems).orElse(List.of());
        Optional<Problem> error = problems.stream()
                .filter(problem -> problem.severity() == Problem.Severity.ERROR)
                .findFirst();
        if (error.isPresent()) {
            return row(resource, ResourceRow.State.FAILED, error.get());
        }
        Optional<ResourceRow> own =
                resource.kind().equals(Kinds.POD) ? Optional.of(pod(resource)) : condition(resource);
        boolean failed = own.isPresent() && own.get().state() == ResourceRow.State.FAILED;
        if (!problems.isEmpty() && !failed) {
            return row(resource, ResourceRow.State.REMARK, problems.getFirst());
        }
        return own.orElseGet(() -> new ResourceRow(
                resource.key(), ResourceRow.State.READY, verdict.isPresent() ? "Accepted" : "Declared", ""));
    }

    private static ResourceRow row(Resource resource, ResourceRow.State state, Problem problem) {
        return new ResourceRow(resource.key(), state, problem.reason(), problem.message() + " " + problem.remedy());
    }

    private static Optional<ResourceRow> condition(Resource resource) {
        for (String type : SPEAKING) {
            for (JsonNode condition : resource.at("/status/conditions")) {
                if (condition.path("type").asString("").equals(type)) {
                    return Optional.of(row(resource, type, condition));
                }
            }
        }
        return Optional.empty();
    }

    private static ResourceRow row(Resource resource, String type, JsonNode condition) {
        String status = condition.path("status").asString("Unknown");
        ResourceRow.State state = switch (status) {
            case "True" -> ResourceRow.State.READY;
            case "False" -> ResourceRow.State.FAILED;
            default -> ResourceRow.State.WAITING;
        };
        String reason = condition.path("reason").asString("");
        return new ResourceRow(
                resource.key(),
                state,
                reason.isEmpty() ? (state == ResourceRow.State.READY ? type : "Not" + type) : reason,
                condition.path("message").asString(""));
    }

    private static ResourceRow pod(Resource pod) {
        String phase = pod.at("/status/phase").asString("Pending");
        for (JsonNode container : pod.at("/status/containerStatuses")) {
            JsonNode waiting = container.path("state").path("waiting");
            String reason = waiting.path("reason").asString("");
            if (!reason.isEmpty() && !reason.equals("ContainerCreating")) {
                return new ResourceRow(
                        pod.key(),
                        ResourceRow.State.FAILED,
                        reason,
                        waiting.path("message").asString(""));
            }
        }
        ResourceRow.State state = phase.equals("Failed") ? ResourceRow.State.FAILED : ResourceRow.State.WAITING;
        if (phase.equals("Running") && ready(pod)) {
            state = ResourceRow.State.READY;
        }
        return new ResourceRow(
                pod.key(), state, phase, pod.at("/status/message").asString(""));
    }

    private static boolean ready(Resource pod) {
        for (JsonNode condition : pod.at("/status/conditions")) {
            if (condition.path("type").asString("").equals("Ready")) {
                return condition.path("status").asString("").equals("True");
            }
        }
        return false;
    }
}
